using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Emitting;

namespace FluentEventStore.Generators.Deciders;

/// <summary>
/// Completes a decider with the dispatch to its methods. A static class cannot be an argument, so it gets a property that can.
/// </summary>
internal static class DeciderEmitter
{
    private const string Decision = "global::FluentEventStore.Commands.Decision";
    private const string Events = "global::System.Collections.Generic.IEnumerable<object>";

    public static void Emit(SourceWriter writer, DeciderModel model)
    {
        var implements = $"global::FluentEventStore.IDecider<{model.StateTypeName}>";
        if (model.Accessibility is { } accessibility)
        {
            writer.Open(model.Part);
            writer.Line($$"""
                /// <summary>Decides commands and folds events.</summary>
                {{GeneratedFile.Attribute}}
                {{accessibility}} static {{implements}} Decider { get; } = new GeneratedDecider();

                {{GeneratedFile.Attribute}}
                """);
            writer.Open($"private sealed class GeneratedDecider : {implements}");
            EmitMembers(writer, model, implements, "");
            writer.Close();
        }
        else
        {
            writer.Open(model.Part, implements);
            EmitMembers(writer, model, implements, GeneratedFile.Attribute + "\n");
        }

        writer.Close(model.Part);
    }

    private static void EmitMembers(SourceWriter writer, DeciderModel model, string implements, string attribute)
    {
        writer.Line($"{attribute}{model.StateTypeName} {implements}.Initial => {(model.AggregateTypeName is null ? "Initial" : "null")};");
        writer.Line();
        writer.Open($"""
            {attribute}global::System.Threading.Tasks.ValueTask<{Events}> {implements}.DecideAsync(
                object command,
                {model.StateTypeName} state,
                global::System.Threading.CancellationToken cancellationToken)
            """);
        writer.SwitchOnCommand(
            model.Decisions,
            static item => $"return {Decision}.{(item.Call.Returned == Returned.Values ? "Many" : "One")}({Call(item)});",
            $"throw {Decision}.Unknown(command, typeof({model.TypeName}));");
        writer.Close();
        writer.Line();
        var evolve =
            $"{attribute}{model.StateTypeName} {implements}.Evolve({model.StateTypeName} state, global::FluentEventStore.IEvent @event)";
        if (model.AggregateTypeName is { } aggregate)
        {
            writer.Line(evolve + " =>");
            writer.Indented($"global::FluentEventStore.Aggregates.AggregateCatalog.Fold<{aggregate}>(state, @event);");
            return;
        }

        writer.Open(evolve);
        writer.SwitchOnEvent(model.Evolutions, static item => $"return {Call(item)};", "return state;");
        writer.Close();
    }

    private static string Call(CaseModel item) => item.Invocation(target: "", state: "state");
}
