using FluentEventStore.Generators.Emitting;

namespace FluentEventStore.Generators.StreamIds;

/// <summary>
/// Writes the conversions of a typed id, and the loading of documents by a list of ids: C# converts single values, not lists.
/// </summary>
internal static class StreamIdEmitter
{
    private const string Documents =
        "the documents with these ids, in one round trip and in the order of the ids; those that do not exist are left out.";

    private const string Json = "global::FluentEventStore.Versioned<global::System.ReadOnlyMemory<byte>>";

    private const string Select = "global::System.Linq.Enumerable.Select";

    public static void Emit(SourceWriter writer, StreamIdModel model)
    {
        writer.Open(model.Part);
        if (!model.ConvertsToStream)
            Emit(
                writer,
                model,
                "stream",
                "StreamId",
                model.IsNumber
                    ? $"id.{model.ValueName}.ToString(global::System.Globalization.CultureInfo.InvariantCulture)"
                    : $"id.{model.ValueName}");

        if (!model.ConvertsToStream && !model.ConvertsToDocument)
            writer.Line();

        if (!model.ConvertsToDocument)
            Emit(writer, model, "document", "DocumentId", $"id.{model.ValueName}");

        writer.Close(model.Part);
        var name = model.Part.Declarations[model.Part.Declarations.Count - 1].Split(' ').Last();
        writer.Line();
        writer.Open($$"""
            /// <summary>Loads documents by ids of the type <c>{{name}}</c>.</summary>
            {{GeneratedFile.Attribute}}
            [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
            {{(model.IsPublic ? "public" : "internal")}} static class {{model.LoadingName}}
            """);
        EmitLoading(writer, model, "Loads", "LoadManyAsync", "T");
        writer.Line();
        EmitLoading(writer, model, "Loads the JSON of", "LoadManyJsonAsync", Json);
        writer.Close();
    }

    private static void Emit(SourceWriter writer, StreamIdModel model, string what, string type, string value) => writer.Line($$"""
        /// <summary>The {{what}} that this id names.</summary>
        {{GeneratedFile.Attribute}}
        public static implicit operator global::FluentEventStore.{{type}}({{model.TypeName}} id) => {{value}};
        """);

    private static void EmitLoading(
        SourceWriter writer, StreamIdModel model, string verb, string method, string loaded) => writer.Line($$"""
        /// <summary>{{verb}} {{Documents}}</summary>
        public static global::System.Threading.Tasks.Task<global::System.Collections.Generic.IReadOnlyList<{{loaded}}>> {{method}}<T>(
            this global::FluentEventStore.IQuerySession session,
            global::System.Collections.Generic.IEnumerable<{{model.TypeName}}> ids,
            global::System.Threading.CancellationToken cancellationToken = default)
            where T : class
        {
            global::System.ArgumentNullException.ThrowIfNull(session);
            global::System.ArgumentNullException.ThrowIfNull(ids);
            return session.{{method}}<T>({{Select}}(ids, static id => id.{{model.ValueName}}), cancellationToken);
        }
        """);
}
