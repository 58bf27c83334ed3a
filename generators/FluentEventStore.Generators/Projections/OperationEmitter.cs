using System.Globalization;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Projections;

/// <summary>Writes the dispatch of a projection that does what it wants with documents.</summary>
internal static class OperationEmitter
{
    private const string DispatchName = "GeneratedDispatch";
    private const string Projection = "projection";
    private const string Types = "public static global::System.Collections.Generic.IReadOnlyList<global::System.Type>";
    private const string Task = "global::System.Threading.Tasks.ValueTask";

    public static Registration Register(OperationModel model) => new(
        new[] { new StoredName("projection", model.Name, 1, model.TypeName) }.ToEquatableArray(),
        $"global::FluentEventStore.Projections.ProjectionCatalog.Register<{model.TypeName}, {model.TypeName}.{DispatchName}>("
            + $"{Literals.Text(model.Name)}, {model.Version.ToString(CultureInfo.InvariantCulture)}, "
            + $"isOfStore: {(model.IsOfStore ? "true" : "false")});");

    public static void Emit(SourceWriter writer, OperationModel model)
    {
        writer.Open(model.Part);
        writer.Line($"""
            /// <summary>Calls the methods for an event.</summary>
            [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
            {GeneratedFile.Attribute}
            """);
        writer.Open(
            $"internal readonly struct {DispatchName} : global::FluentEventStore.Projections.IOperationDispatch<{model.TypeName}>");
        writer.Line("/// <inheritdoc/>");
        writer.Types($"{Types} EventTypes {{ get; }} =", model.EventTypes);
        writer.Line("/// <inheritdoc/>");
        writer.Types($"{Types} DocumentTypes {{ get; }} =", model.DocumentTypes);
        writer.Line("/// <inheritdoc/>");
        writer.Open($"""
            public static {Task} ProjectAsync(
                {model.TypeName} {Projection},
                global::FluentEventStore.IEvent @event,
                global::FluentEventStore.IDocumentOperations session,
                global::System.Threading.CancellationToken cancellationToken)
            """);
        writer.SwitchOnEvent(model.Cases, item => Body(item, model), "return default;");
        writer.Close();
        writer.Close();
        writer.Close(model.Part);
    }

    private static string Body(CaseModel item, OperationModel model)
    {
        var call = item.Invocation(item.Call.IsStatic ? model.TypeName : Projection, state: "");
        return item.Call.Returned switch
        {
            Returned.Task => $"return new {Task}({call});",
            Returned.ValueTask => $"return {call};",
            _ => $"{call};\nreturn default;",
        };
    }
}
