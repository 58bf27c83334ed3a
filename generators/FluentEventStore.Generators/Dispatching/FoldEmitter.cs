using FluentEventStore.Generators.Emitting;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>Writes the methods that fold one event into a state.</summary>
/// <param name="model">The state and its methods.</param>
/// <param name="owner">The fully qualified type that declares the methods.</param>
/// <param name="projection">
/// The name of the parameter with the object that methods are called on; <see langword="null"/> if that is the state itself.
/// </param>
internal sealed class FoldEmitter(FoldModel model, string owner, string? projection = null)
{
    private const string Event = "global::FluentEventStore.IEvent @event";

    private readonly string _parameter = projection is null ? "" : $"{owner} {projection}, ";
    private readonly string _argument = projection is null ? "" : $"{projection}, ";

    public void Emit(SourceWriter writer)
    {
        writer.Open($"public static {model.StateType}? Fold({_parameter}{model.StateType}? state, {Event})");
        if (model.Evolves.Count > 0)
            writer.SwitchOnEvent(model.Evolves, item => $"return {Call(item)};", "return state;");
        else
            EmitFold(writer);

        writer.Close();
        EmitShouldDelete(writer);
        EmitCreate(writer);
        EmitApply(writer);
    }

    private void EmitFold(SourceWriter writer)
    {
        if (model.Deletes.Count > 0)
        {
            writer.Line($"if (ShouldDelete({_argument}state, @event))");
            writer.Line("    return null;");
            writer.Line();
        }

        writer.Line((creates: model.Creates.Count > 0, applies: model.Applies.Count > 0) switch
        {
            (creates: true, applies: true) => $"return state is null ? Create({_argument}@event) : Apply({_argument}state, @event);",
            (creates: true, applies: false) => $"return state ?? Create({_argument}@event);",
            (creates: false, applies: true) when model.CanBegin => $"return Apply({_argument}state, @event);",
            (creates: false, applies: true) => $"return state is null ? null : Apply({_argument}state, @event);",
            _ => "return state;",
        });
    }

    private void EmitShouldDelete(SourceWriter writer)
    {
        if (model.Deletes.Count == 0)
            return;

        writer.Line();
        writer.Open($"private static bool ShouldDelete({_parameter}{model.StateType}? state, {Event})");
        writer.SwitchOnEvent(
            model.Deletes, item => $"return {(NeedsState(item) ? "state is not null && " : "")}{Call(item)};", "return false;");
        writer.Close();
    }

    private void EmitCreate(SourceWriter writer)
    {
        if (model.Creates.Count == 0)
            return;

        writer.Line();
        writer.Open($"private static {model.StateType}? Create({_parameter}{Event})");
        writer.SwitchOnEvent(
            model.Creates,
            item => $"return {Call(item)};",
            model.CanBegin && model.Applies.Count > 0 ? $"return Apply({_argument}null, @event);" : "return null;");
        writer.Close();
    }

    private void EmitApply(SourceWriter writer)
    {
        if (model.Applies.Count == 0)
            return;

        // A state that can begin without Create does so with the first event that is applied.
        var begin = model.CanBegin ? $"state ??= new {model.StateType}();\n" : "";
        var optional = model.CanBegin ? "?" : "";
        writer.Line();
        writer.Open($"private static {model.StateType}? Apply({_parameter}{model.StateType}{optional} state, {Event})");
        writer.SwitchOnEvent(
            model.Applies,
            item => begin + (item.Call.Returned == Returned.Nothing ? $"{Call(item)};\nreturn state;" : $"return {Call(item)};"),
            "return state;");
        writer.Close();
    }

    private bool NeedsState(CaseModel item) => projection is null ? item.Call.NeedsState : item.Call.Takes(Argument.State);

    private string Call(CaseModel item) => item.Invocation(item.Call.IsStatic ? owner : projection ?? "state", "state");
}
