using FluentEventStore.Generators.Aggregates;
using FluentEventStore.Generators.Catalog;
using FluentEventStore.Generators.Codecs;
using FluentEventStore.Generators.Contracts;
using FluentEventStore.Generators.Deciders;
using FluentEventStore.Generators.Documents;
using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Handlers;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Messages;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Projections;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.StreamIds;
using FluentEventStore.Generators.Upcasters;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators;

/// <summary>
/// Writes what a program needs to store its types: codecs, dispatch and registration. It is one generator for all attributes: the types of
/// an event may be those of a document too, and one catalog names them all.
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
        var marks = new MarkFinder(context);
        var (events, eventModels) = EventGenerator.Initialize(context, marks);
        var documents = DocumentGenerator.Initialize(marks);
        var messages = MessageGenerator.Initialize(marks);
        var aggregates = AggregateGenerator.Initialize(context, marks);
        var projections = ProjectionGenerator.Initialize(context, marks);
        var operations = OperationGenerator.Initialize(context, marks);
        var streamIds = StreamIdGenerator.Initialize(context, marks);
        var handlers = HandlerGenerator.Initialize(context, marks);
        var deciders = DeciderGenerator.Initialize(context, marks);
        var upcasters = UpcasterGenerator.Initialize(marks);
        var closedEvents = ClosedEventGenerator.Initialize(marks);

        ConverterGenerator.Initialize(context, marks);
        EmitShapes(
            context,
            [events.Shapes, documents.Shapes, messages.Shapes, aggregates.Shapes, ClosedEventGenerator.Distinct(closedEvents)]);

        var references = marks.References.WithTrackingName(ReferencesStep);
        var catalog = SliceSteps.Gather(
                [
                    events.Registrations,
                    documents.Registrations,
                    messages.Registrations,
                    aggregates.Registrations,
                    projections.Registrations,
                    operations.Registrations,
                    upcasters.Registrations,
                    .. closedEvents.Select(static closed => closed.Slice.Registrations)
                ])
            .Combine(references)
            .WithTrackingName(CatalogStep);
        context.RegisterSourceOutput(catalog, static (output, catalog) => CatalogEmitter.Emit(output, catalog.Left, catalog.Right));

        // Diagnostics keep their source location, so #pragma warning disable still reaches them.
        var findings = SliceSteps.Gather(
            [
                events.Findings,
                documents.Findings,
                messages.Findings,
                aggregates.Findings,
                projections.Findings,
                operations.Findings,
                streamIds,
                handlers,
                deciders,
                .. closedEvents.Select(static closed => closed.Slice.Findings)
            ]);
        Report(
            context,
            findings.Combine(references).Select(
                static (found, _) => Collect(report => CatalogRules.Report(report, found.Left, found.Right))));
        Report(context, findings.Combine(SliceSteps.Gather(upcasters.Findings)).Combine(references).Select(static (found, _) =>
            Collect(report => UpcasterRules.Report(report, found.Left.Left, found.Left.Right, found.Right))));

        var isWhole = findings.Combine(SliceSteps.Gather(upcasters.Findings))
            .Select(
                static (found, _) => found.Left.All(static item => item.Diagnostics.Count == 0)
                    && found.Right.All(static item => item.Diagnostics.Count == 0));
        var names = catalog.Select(
            static (catalog, _) => catalog.Left.SelectMany(static registration => registration.Names)
                .Concat(catalog.Right.Names)
                .ToEquatableArray());
        ContractGenerator.Initialize(context, [eventModels, .. closedEvents.Select(static closed => closed.Models)], isWhole, names);
    }

    private static void EmitShapes(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<HeldShapes>[] slices)
    {
        var owners = SliceSteps.Gather(slices).Select(static (all, _) => new CodecOwners(all));
        context.Write(
            static shape => shape.CodecName,
            ShapeEmitter.Emit,
            [.. slices.Select(
                slice => slice.Combine(owners).SelectMany(static (held, _) => held.Right.Own(held.Left)).WithTrackingName(ShapeStep))]);
    }

    private static EquatableArray<Diagnostic> Collect(Action<Action<Diagnostic>> rules)
    {
        var diagnostics = new List<Diagnostic>();
        rules(diagnostics.Add);
        return diagnostics.ToEquatableArray();
    }

    // They were found when the declarations last changed, and may have moved since.
    private static void Report(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<EquatableArray<Diagnostic>> diagnostics) =>
        context.RegisterSourceOutput(diagnostics.Combine(context.CompilationProvider), static (output, found) =>
        {
            foreach (var diagnostic in found.Left)
            {
                output.ReportDiagnostic(diagnostic.In(found.Right));
            }
        });
}
