using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>Writes the dispatch of an aggregate into its partial type, where private methods can be called too.</summary>
internal static class AggregateEmitter
{
    private const string DispatchName = "GeneratedDispatch";
    private const string Event = "global::FluentEventStore.IEvent @event";

    public static Registration Register(AggregateModel model)
    {
        const string Method = "global::FluentEventStore.Aggregates.AggregateCatalog.Register";
        var dispatch = $"{model.TypeName}.{DispatchName}";
        var aggregate = new StoredName("aggregate", model.Name, 1, model.TypeName);
        var key = model.Key is { } naturalKey ? "\n" + NaturalKeyEmitter.Register(model, naturalKey) : "";
        return model.Identity is { } identity
            ? new Registration(
                new[] { aggregate, aggregate with { Kind = "document" } }.ToEquatableArray(),
                $"{Method}<{model.TypeName}, {dispatch}, {identity.IdTypeName}, {identity.Codec}>({Literals.Text(model.Name)});{key}")
            : new Registration(
                new[] { aggregate }.ToEquatableArray(), $"{Method}<{model.TypeName}, {dispatch}>({Literals.Text(model.Name)});{key}");
    }

    public static void Emit(SourceWriter writer, AggregateModel model)
    {
        writer.Open(
            model.Part,
            attribute: model.Hidden.Count == 0
                ? null
                : $"[global::FluentEventStore.Aggregates.UnsavedState({string.Join(", ", model.Hidden.Select(Literals.Text))})]");
        writer.Line($"""
            /// <summary>Calls the method for an event.</summary>
            [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
            {GeneratedFile.Attribute}
            """);
        writer.Open(
            $"internal {(model.HidesBase ? "new " : "")}readonly struct {DispatchName} : "
                + $"global::FluentEventStore.Aggregates.IAggregateDispatch<{model.TypeName}>");
        writer.Line($"""
            /// <inheritdoc/>
            public static bool Handles(object data) => {Handles(model)};

            /// <inheritdoc/>
            """);
        writer.Open($"public static {model.TypeName}? Fold({model.TypeName}? aggregate, {Event})");
        EmitFold(writer, model);
        writer.Close();
        EmitShouldDelete(writer, model);
        EmitCreate(writer, model);
        EmitApply(writer, model);
        writer.Close();
        if (model.Key is { } key)
            NaturalKeyEmitter.Emit(writer, model, key);

        writer.Close(model.Part);
    }

    private static string Handles(AggregateModel model)
    {
        if (TakesEveryEvent(model.Creates) || TakesEveryEvent(model.Applies) || TakesEveryEvent(model.Deletes))
            return "true";

        return model.EventTypes.Count == 0 ? "false" : "data is " + string.Join("\n    or ", model.EventTypes);
    }

    private static bool TakesEveryEvent(EquatableArray<CaseModel> cases) => cases.Any(static item => item.TypeName is null);

    private static void EmitFold(SourceWriter writer, AggregateModel model)
    {
        if (model.Deletes.Count > 0)
        {
            writer.Line("if (ShouldDelete(aggregate, @event))");
            writer.Line("    return null;");
            writer.Line();
        }

        writer.Line((creates: model.Creates.Count > 0, applies: model.Applies.Count > 0) switch
        {
            (creates: true, applies: true) => "return aggregate is null ? Create(@event) : Apply(aggregate, @event);",
            (creates: true, applies: false) => "return aggregate ?? Create(@event);",
            (creates: false, applies: true) when model.CanBegin => "return Apply(aggregate, @event);",
            (creates: false, applies: true) => "return aggregate is null ? null : Apply(aggregate, @event);",
            _ => "return aggregate;",
        });
    }

    private static void EmitShouldDelete(SourceWriter writer, AggregateModel model)
    {
        if (model.Deletes.Count == 0)
            return;

        writer.Line();
        writer.Open($"private static bool ShouldDelete({model.TypeName}? aggregate, {Event})");
        writer.SwitchOnEvent(
            model.Deletes,
            item => $"return {(item.Call.NeedsState ? "aggregate is not null && " : "")}{Call(item, model)};",
            "return false;");
        writer.Close();
    }

    private static void EmitCreate(SourceWriter writer, AggregateModel model)
    {
        if (model.Creates.Count == 0)
            return;

        writer.Line();
        writer.Open($"private static {model.TypeName}? Create({Event})");
        writer.SwitchOnEvent(
            model.Creates, item => $"return {Call(item, model)};", model.CanBegin && model.Applies.Count > 0
                ? "return Apply(null, @event);"
                : "return null;");
        writer.Close();
    }

    private static void EmitApply(SourceWriter writer, AggregateModel model)
    {
        if (model.Applies.Count == 0)
            return;

        // An aggregate that can begin without Create does so with the first event that it applies.
        var begin = model.CanBegin ? $"aggregate ??= new {model.TypeName}();\n" : "";
        var optional = model.CanBegin ? "?" : "";
        writer.Line();
        writer.Open($"private static {model.TypeName}? Apply({model.TypeName}{optional} aggregate, {Event})");
        writer.SwitchOnEvent(
            model.Applies,
            item => begin
                + (item.Call.Returned == Returned.Nothing ? $"{Call(item, model)};\nreturn aggregate;" : $"return {Call(item, model)};"),
            "return aggregate;");
        writer.Close();
    }

    private static string Call(CaseModel item, AggregateModel model) =>
        item.Invocation(item.Call.IsStatic ? model.TypeName : "aggregate", "aggregate");
}
