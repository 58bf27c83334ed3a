namespace FluentEventStore.Generators.Shapes;

/// <summary>The types of JSON that a codec writes, beside null.</summary>
[Flags]
internal enum JsonTypes
{
    Text = 1,
    Number = 2,
    Boolean = 4,
    Array = 8,
    Object = 16,
    Any = Text | Number | Boolean | Array | Object,
}
