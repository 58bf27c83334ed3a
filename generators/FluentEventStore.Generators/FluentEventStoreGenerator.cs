using FluentEventStore.Generators.Aggregates;
using FluentEventStore.Generators.Catalog;
using FluentEventStore.Generators.Contracts;
using FluentEventStore.Generators.Deciders;
using FluentEventStore.Generators.Documents;
using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Handlers;
using FluentEventStore.Generators.Modelling;
using FluentEventStore.Generators.StreamIds;
using FluentEventStore.Generators.Upcasters;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators;

/// <summary>
/// Writes what a program needs to store its types: codecs, dispatch and registration. One generator for all attributes, since the types of an event may be
/// those of a document too, and since one catalog names them all.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class FluentEventStoreGenerator : IIncrementalGenerator
{
    /// <summary>The step that holds the codecs to write, whose run reasons the caching tests assert.</summary>
    public const string ShapeStep = "Shape";

    /// <summary>The step that holds what the catalog says.</summary>
    public const string CatalogStep = "Catalog";

    /// <summary>The step that holds what referenced assemblies have registered.</summary>
    public const string ReferencesStep = "References";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var (events, eventModels) = EventGenerator.Initialize(context);
        var documents = DocumentGenerator.Initialize(context);
        var aggregates = AggregateGenerator.Initialize(context);
        var streamIds = StreamIdGenerator.Initialize(context);
        var handlers = HandlerGenerator.Initialize(context);
        var deciders = DeciderGenerator.Initialize(context);
        var upcasters = UpcasterGenerator.Initialize(context);
        var closedEvents = ClosedEventGenerator.Initialize(context);

        var shapes = SliceSteps.Gather([events.Shapes, documents.Shapes, aggregates.Shapes, .. closedEvents.Select(static closed => closed.Slice.Shapes)])
            .SelectMany(static (all, _) => Distinct(all))
            .WithTrackingName(ShapeStep);
        context.RegisterSourceOutput(shapes, static (output, shape) => ShapeEmitter.Emit(output, shape));

        var references = context.CompilationProvider
            .Select(static (compilation, cancellationToken) => ReferencesParser.Parse(compilation, cancellationToken))
            .WithTrackingName(ReferencesStep);
        var catalog = SliceSteps.Gather(
                [events.Registrations, documents.Registrations, aggregates.Registrations, upcasters.Registrations, .. closedEvents.Select(static closed => closed.Slice.Registrations)])
            .Combine(references)
            .WithTrackingName(CatalogStep);
        context.RegisterSourceOutput(catalog, static (output, catalog) => CatalogEmitter.Emit(output, catalog.Left, catalog.Right));

        // Diagnostics keep their source location, so #pragma warning disable still reaches them.
        var findings = SliceSteps.Gather([events.Findings, documents.Findings, aggregates.Findings, streamIds, handlers, deciders, .. closedEvents.Select(static closed => closed.Slice.Findings)]);
        context.RegisterSourceOutput(findings.Combine(references), static (output, found) => CatalogRules.Report(output, found.Left, found.Right));
        context.RegisterSourceOutput(
            findings.Combine(SliceSteps.Gather(upcasters.Findings)).Combine(references),
            static (output, found) => UpcasterRules.Report(output, found.Left.Left, found.Left.Right, found.Right));

        var isWhole = findings.Combine(SliceSteps.Gather(upcasters.Findings))
            .Select(static (found, _) => found.Left.All(static item => item.Diagnostics.Count == 0) && found.Right.All(static item => item.Diagnostics.Count == 0));
        var names = catalog.Select(static (catalog, _) => catalog.Left.SelectMany(static registration => registration.Names).Concat(catalog.Right.Names).ToEquatableArray());
        ContractGenerator.Initialize(context, [eventModels, .. closedEvents.Select(static closed => closed.Models)], isWhole, names);
    }

    /// <summary>A type that several events or documents hold has one codec, and each codec a file whose name is its own whatever the case.</summary>
    private static IEnumerable<Shape> Distinct(IEnumerable<EquatableArray<Shape>> all) => all
        .SelectMany(static shapes => shapes)
        .GroupBy(static shape => shape.CodecName, StringComparer.Ordinal)
        .Select(static group => group.First())
        .GroupBy(static shape => shape.CodecName, StringComparer.OrdinalIgnoreCase)
        .SelectMany(static group => group
            .OrderBy(static shape => shape.CodecName, StringComparer.Ordinal)
            .Select(static (shape, index) => index == 0 ? shape : shape with { HintName = $"{shape.CodecName}_{index + 1}" }));
}
