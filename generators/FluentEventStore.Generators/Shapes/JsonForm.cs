namespace FluentEventStore.Generators.Shapes;

/// <summary>The two forms of JSON: a DateTimeOffset keeps its offset in events and is UTC in documents and messages.</summary>
internal enum JsonForm
{
    Event,
    Document,
}
