using FluentEventStore.Generators.Emitting;

namespace FluentEventStore.Generators.StreamIds;

/// <summary>Writes the conversions of a typed id.</summary>
internal static class StreamIdEmitter
{
    public static void Emit(SourceWriter writer, StreamIdModel model)
    {
        writer.Open(model.Part);
        writer.Line($$"""
            /// <summary>The stream that this id names.</summary>
            {{GeneratedFile.Attribute}}
            public static implicit operator global::FluentEventStore.StreamId({{model.TypeName}} id) => {{(model.IsNumber ? $"id.{model.ValueName}.ToString(global::System.Globalization.CultureInfo.InvariantCulture)" : $"id.{model.ValueName}")}};

            /// <summary>The document that this id names.</summary>
            {{GeneratedFile.Attribute}}
            public static implicit operator global::FluentEventStore.DocumentId({{model.TypeName}} id) => id.{{model.ValueName}};
            """);
        writer.Close(model.Part);
    }
}
