using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Events;

/// <summary>Finds the types marked as events.</summary>
internal static class EventGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "EventModel";

    public static (Slice Slice, IncrementalValuesProvider<EventModel> Models) Initialize(
        IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.FindTypes(KnownTypes.EventAttribute, EventParser.Parse);

        // An event with aliases is parsed as an event; nobody else looks at other types that have one.
        var strays = marks.FindTypes(
            KnownTypes.EventAliasAttribute,
            static (match, _) => match.TargetSymbol.Has(KnownTypes.EventAttribute)
                ? null
                : Diagnostic.Create(Rules.StrayAlias, match.TargetSymbol.Locations[0], match.TargetSymbol.ForMessage()));
        context.RegisterSourceOutput(
            strays.Where(static stray => stray is not null).Combine(context.CompilationProvider),
            static (output, found) => output.ReportDiagnostic(found.Left!.In(found.Right)));

        var models = parsed.Models(ModelStep);
        return (SliceOf(parsed, models), models);
    }

    /// <summary>What the catalog says about events, whether they are found as marked types or as closed types of these.</summary>
    public static Slice SliceOf(IncrementalValuesProvider<Parsed<EventModel>> parsed, IncrementalValuesProvider<EventModel> models) =>
        Slice.Of(parsed, models, EventEmitter.Register, static model => new HeldShapes($"event {model.TypeName}", model.Shapes));
}
