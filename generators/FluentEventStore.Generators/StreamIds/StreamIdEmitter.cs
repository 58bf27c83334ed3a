using FluentEventStore.Generators.Emitting;

namespace FluentEventStore.Generators.StreamIds;

/// <summary>Writes the conversions of a typed id.</summary>
internal static class StreamIdEmitter
{
    public static void Emit(SourceWriter writer, StreamIdModel model)
    {
        writer.Open(model.Part);
        if (!model.ConvertsToStream)
            Emit(writer, model, "stream", "StreamId", model.IsNumber ? $"id.{model.ValueName}.ToString(global::System.Globalization.CultureInfo.InvariantCulture)" : $"id.{model.ValueName}");

        if (!model.ConvertsToStream && !model.ConvertsToDocument)
            writer.Line();

        if (!model.ConvertsToDocument)
            Emit(writer, model, "document", "DocumentId", $"id.{model.ValueName}");

        writer.Close(model.Part);
    }

    private static void Emit(SourceWriter writer, StreamIdModel model, string what, string type, string value) => writer.Line($$"""
        /// <summary>The {{what}} that this id names.</summary>
        {{GeneratedFile.Attribute}}
        public static implicit operator global::FluentEventStore.{{type}}({{model.TypeName}} id) => {{value}};
        """);
}
