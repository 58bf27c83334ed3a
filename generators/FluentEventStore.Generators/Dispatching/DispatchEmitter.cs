using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>Writes the switch that finds the method for an event or a command, and the calls within it.</summary>
internal static class DispatchEmitter
{
    private const string Event = "@event";
    private const string Data = "data";
    private const string Typed = "typed";

    public static EquatableArray<CaseModel> Cases(this IEnumerable<DispatchMethod> methods) => methods
        .Select(static method => new CaseModel(
            method.Taken?.Bare(),
            method.Taken is { IsValueType: true },
            method.Taken is { TypeKind: Microsoft.CodeAnalysis.TypeKind.Interface },
            method.Call))
        .ToEquatableArray();

    /// <summary>Writes a switch over the type of the event <c>@event</c>. The data of a struct that has a case is not boxed.</summary>
    public static void SwitchOnEvent(
        this SourceWriter writer, EquatableArray<CaseModel> cases, Func<CaseModel, string> body, string otherwise)
    {
        var everyEvent = cases.FirstOrDefault(static item => item.TypeName is null);
        if (everyEvent is not null && cases.Count == 1)
        {
            writer.Line(body(everyEvent));
            return;
        }

        var hasStructs = cases.Any(static item => item.IsValueType);
        writer.Open(hasStructs ? $"switch ({Event})" : $"switch ({Event}.Data)");
        foreach (var item in cases.Where(static item => item.TypeName is not null))
        {
            writer.Line($"case {(hasStructs ? PatternOfEvent(item) : PatternOfData(item))}:");
            writer.Indented(body(item));
            writer.Line();
        }

        writer.Line("default:");
        writer.Indented(everyEvent is null ? otherwise : body(everyEvent));
        writer.Close();
    }

    /// <summary>Writes a switch over the type of the command <c>command</c>.</summary>
    public static void SwitchOnCommand(
        this SourceWriter writer, EquatableArray<CaseModel> cases, Func<CaseModel, string> body, string otherwise)
    {
        writer.Open("switch (command)");
        foreach (var item in cases)
        {
            writer.Line($"case {item.TypeName} {Typed}:");
            writer.Indented(body(item));
            writer.Line();
        }

        writer.Line("default:");
        writer.Indented(otherwise);
        writer.Close();
    }

    /// <summary>
    /// The call of a method on a target: an expression, a type, or nothing within the type itself. The state is in a variable.
    /// </summary>
    public static string Invocation(this CaseModel item, string target, string state)
    {
        var arguments = item.Call.Arguments.Select(argument => argument.Kind switch
        {
            Argument.Data => item.IsValueType ? $"{Typed}.Data" : Data,
            Argument.Event when item.IsValueType => Typed,
            Argument.Event when item.IsInterface => $"global::FluentEventStore.Serialization.DispatchedEvent.Of({Event}, {Data})",
            Argument.Event => $"(global::FluentEventStore.IEvent<{item.TypeName}>){Event}",
            Argument.AnyEvent => Event,
            Argument.Metadata => $"global::FluentEventStore.Serialization.DispatchedEvent.MetadataOf({Event})",
            Argument.Command => Typed,
            Argument.State => state,
            Argument.Session when argument.TypeName != "global::FluentEventStore.IDocumentSession" => $"({argument.TypeName})session",
            Argument.Session => "session",
            _ => "cancellationToken",
        });
        var on = item.Call switch
        {
            { DeclaredBy: { } declaring, IsStatic: true } => declaring,
            { DeclaredBy: { } declaring } => $"(({declaring}){(target.Length == 0 ? "this" : target)})",
            _ => target,
        };
        var call = $"{(on.Length == 0 ? "" : on + ".")}{item.Call.Method}({string.Join(", ", arguments)})";
        return item.Call.Cast is { } cast ? $"({cast.TypeName}){call}{(cast.ForgivesNull ? "!" : "")}" : call;
    }

    private static string PatternOfEvent(CaseModel item) => item.IsValueType
        ? $"global::FluentEventStore.IEvent<{item.TypeName}>{(item.Call.Takes(Argument.Data) || item.Call.Takes(Argument.Event)
            ? " " + Typed
            : "")}"
        : $"{{ Data: {PatternOfData(item)} }}";

    private static string PatternOfData(CaseModel item) => $"{item.TypeName}{(NeedsData(item) ? " " + Data : "")}";

    private static bool NeedsData(CaseModel item) =>
        item.Call.Takes(Argument.Data) || (item.IsInterface && item.Call.Takes(Argument.Event));
}
