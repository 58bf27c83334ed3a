using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Emitting;

namespace FluentEventStore.Generators.Handlers;

/// <summary>Completes a handler of events with the dispatch to its methods.</summary>
internal static class HandlerEmitter
{
    private const string Interface = "global::FluentEventStore.IEventHandler";
    private const string Declared = "global::FluentEventStore.IDeclaredEventHandler";
    private const string Types = "global::System.Collections.Generic.IReadOnlyList<global::System.Type>";
    private const string Task = "global::System.Threading.Tasks.ValueTask";

    public static void Emit(SourceWriter writer, HandlerModel model)
    {
        writer.Open(model.Part, Declared);
        EmitTypes(writer, model, $"static {Types} {Declared}.HandledEvents");
        EmitTypes(writer, model, $"{Types} {Interface}.EventTypes");
        writer.Line(GeneratedFile.Attribute);
        writer.Open($"""
            {Task} {Interface}.HandleAsync(
                global::FluentEventStore.IEvent @event,
                global::FluentEventStore.IDocumentSession session,
                global::System.Threading.CancellationToken cancellationToken)
            """);
        writer.SwitchOnEvent(model.Cases, Body, "return default;");
        writer.Close();
        writer.Close(model.Part);
    }

    private static void EmitTypes(SourceWriter writer, HandlerModel model, string property)
    {
        writer.Line(GeneratedFile.Attribute);
        writer.Types($"{property} =>", model.Cases.Any(static item => item.TypeName is null) ? ["object"] : model.EventTypes);
    }

    private static string Body(CaseModel item)
    {
        var call = item.Invocation(target: "", state: "");
        return item.Call.Returned switch
        {
            Returned.Task => $"return new {Task}({call});",
            Returned.ValueTask => $"return {call};",
            _ => $"{call};\nreturn default;",
        };
    }
}
