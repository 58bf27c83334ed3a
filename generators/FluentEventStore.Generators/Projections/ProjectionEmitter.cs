using System.Globalization;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Projections;

/// <summary>Writes the dispatch of a projection into its partial type, where private methods can be called too.</summary>
internal static class ProjectionEmitter
{
    private const string DispatchName = "GeneratedDispatch";
    private const string Projection = "projection";

    public static Registration Register(ProjectionModel model)
    {
        var version = model.Version.ToString(CultureInfo.InvariantCulture);
        return new Registration(
            new[] { new StoredName("projection", model.Name, 1, model.TypeName) }.ToEquatableArray(),
            $"global::FluentEventStore.Projections.ProjectionCatalog.Register<{model.TypeName}, {model.Fold.StateType}, "
                + $"{model.TypeName}.{DispatchName}>({Literals.Text(model.Name)}, {version}, "
                + $"isOfStore: {(model.IsOfStore ? "true" : "false")});");
    }

    public static void Emit(SourceWriter writer, ProjectionModel model)
    {
        writer.Open(model.Part);
        writer.Line($"""
            /// <summary>Calls the methods for an event.</summary>
            [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
            {GeneratedFile.Attribute}
            """);
        writer.Open(
            $"internal readonly struct {DispatchName} : "
                + $"global::FluentEventStore.Projections.IViewDispatch<{model.TypeName}, {model.Fold.StateType}>");
        writer.Line("/// <inheritdoc/>");
        writer.Types(
            "public static global::System.Collections.Generic.IReadOnlyList<global::System.Type> EventTypes { get; } =", model.EventTypes);
        writer.Line($"""
            /// <inheritdoc/>
            public static bool NamesOneView => {(model.Identities.Count == 0 ? "true" : "false")};

            /// <inheritdoc/>
            """);
        EmitIdentify(writer, model);
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        new FoldEmitter(model.Fold, model.TypeName, Projection).Emit(writer);
        writer.Close();
        writer.Close(model.Part);
    }

    private static void EmitIdentify(SourceWriter writer, ProjectionModel model)
    {
        writer.Open(
            $"public static void Identify({model.TypeName} {Projection}, global::FluentEventStore.IEvent @event, "
                + "global::FluentEventStore.Projections.ViewIds ids)");
        var unwrap = model.IdValue is null ? "" : $".{model.IdValue}";
        if (model.Identity.Count > 0)
        {
            var end = EndOf(model.Identity, model.Identities.Count == 0 ? "return;" : "break;");
            writer.SwitchOnEvent(
                model.Identity,
                item => $"ids.Add({Call(item, model)}{(unwrap.Length > 0 && IsOptional(item) ? "?" : "")}{unwrap});{end}",
                end.Trim());
        }

        if (model.Identities.Count > 0)
        {
            var end = EndOf(model.Identities, "return;");
            writer.SwitchOnEvent(
                model.Identities, item => $"foreach (var id in {Call(item, model)})\n    ids.Add(id{unwrap});{end}", end.Trim());
        }

        writer.Close();
    }

    // What takes every event and stands alone is written without a switch.
    private static string EndOf(EquatableArray<CaseModel> cases, string end) =>
        cases is { Count: 1 } && cases[0].TypeName is null ? "" : "\n" + end;

    private static bool IsOptional(CaseModel item) => item.Call.Returned == Returned.Optional;

    private static string Call(CaseModel item, ProjectionModel model) =>
        item.Invocation(item.Call.IsStatic ? model.TypeName : Projection, state: "");
}
