namespace FluentEventStore.Generators.Shapes;

/// <summary>A typed id, written as the one value that it wraps.</summary>
internal sealed record WrapperShape(string CodecName, string TypeName, string ValueName, Codec Value, KeyCodec Key)
    : Shape(CodecName, TypeName);
