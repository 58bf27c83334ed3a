using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Events;

/// <summary>
/// Finds the closed types of generic events: those that the assembly names, and those that its aggregates, handlers, deciders and upcasters
/// take or return.
/// </summary>
internal static class ClosedEventGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "ClosedEventModel";

    private static readonly string[] Users =
    [
        KnownTypes.ClosedEventAttribute, KnownTypes.AggregateAttribute, KnownTypes.EventHandlerAttribute, KnownTypes.DeciderAttribute,
        KnownTypes.UpcasterAttribute,
    ];

    /// <summary>A slice for each attribute under which such types are found.</summary>
    public static (Slice Slice, IncrementalValuesProvider<EventModel> Models)[] Initialize(MarkFinder marks) =>
        [.. Users.Select(attribute => Find(marks, attribute))];

    /// <summary>What the closed types are made of, each once, though it may be found under several attributes.</summary>
    public static IncrementalValuesProvider<HeldShapes> Distinct((Slice Slice, IncrementalValuesProvider<EventModel> Models)[] closed) =>
        SliceSteps.Gather([.. closed.Select(static found => found.Slice.Shapes)])
            .SelectMany(static (all, _) => all.Distinct().OrderBy(static held => held.Holder, StringComparer.Ordinal));

    private static (Slice Slice, IncrementalValuesProvider<EventModel> Models) Find(MarkFinder marks, string attribute)
    {
        var parsed = marks.Find(
            attribute,
            static node => node is CompilationUnitSyntax or TypeDeclarationSyntax or MethodDeclarationSyntax,
            ClosedEventParser.Parse)
            .SelectMany(static (all, _) => all);
        var models = parsed.Models(ModelStep);
        return (EventGenerator.SliceOf(parsed, models), models);
    }
}
