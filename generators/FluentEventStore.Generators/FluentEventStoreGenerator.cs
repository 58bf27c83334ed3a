using FluentEventStore.Generators.Catalog;
using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Events;
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

    /// <summary>The step that holds what referenced assemblies have registered.</summary>
    public const string ReferencesStep = "References";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var events = EventGenerator.Initialize(context);

        var shapes = events.Shapes.Collect()
            .SelectMany(static (all, _) => all.SelectMany(static shapes => shapes).GroupBy(static shape => shape.CodecName, StringComparer.Ordinal).Select(static group => group.First()))
            .WithTrackingName(ShapeStep);
        context.RegisterSourceOutput(shapes, static (output, shape) => ShapeEmitter.Emit(output, shape));

        var references = context.CompilationProvider
            .Select(static (compilation, cancellationToken) => ReferencesParser.Parse(compilation, cancellationToken))
            .WithTrackingName(ReferencesStep);
        context.RegisterSourceOutput(
            events.Registrations.Collect().Combine(references),
            static (output, catalog) => CatalogEmitter.Emit(output, catalog.Left, catalog.Right));

        // Diagnostics keep their source location, so #pragma warning disable still reaches them.
        context.RegisterSourceOutput(
            events.Findings.Collect().Combine(references),
            static (output, found) => CatalogRules.Report(output, found.Left, found.Right));
    }
}
