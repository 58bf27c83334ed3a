using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>Writes the dispatch of an aggregate into its partial type, where private methods can be called too.</summary>
internal static class AggregateEmitter
{
    private const string DispatchName = "GeneratedDispatch";

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
        writer.Line("/// <inheritdoc/>");
        writer.Types(
            "public static global::System.Collections.Generic.IReadOnlyList<global::System.Type> EventTypes { get; } =",
            model.Fold.TakenTypes);
        writer.Line($"""
            /// <inheritdoc/>
            public static bool Handles(object data) => {Handles(model.Fold)};

            /// <inheritdoc/>
            """);
        new FoldEmitter(model.Fold, model.TypeName).Emit(writer);
        writer.Close();
        if (model.Key is { } key)
            NaturalKeyEmitter.Emit(writer, model, key);

        writer.Close(model.Part);
    }

    private static string Handles(FoldModel model)
    {
        if (model.TakesEveryEvent)
            return "true";

        return model.EventTypes.Count == 0 ? "false" : "data is " + string.Join("\n    or ", model.EventTypes);
    }
}
