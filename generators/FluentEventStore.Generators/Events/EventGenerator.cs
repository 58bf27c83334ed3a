using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Events;

/// <summary>Finds the types marked as events.</summary>
internal static class EventGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "EventModel";

    public static (Slice Slice, IncrementalValuesProvider<EventModel> Models) Initialize(IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.Find(
            KnownTypes.EventAttribute,
            static node => node is TypeDeclarationSyntax,
            static (match, cancellationToken) => EventParser.Parse(match, cancellationToken));

        // An event with aliases is parsed as an event; what else has one is forgotten by everybody.
        var strays = marks.Find(
            KnownTypes.EventAliasAttribute,
            static node => node is TypeDeclarationSyntax,
            static (match, _) => match.TargetSymbol.Has(KnownTypes.EventAttribute)
                ? null
                : Diagnostic.Create(Rules.StrayAlias, match.TargetSymbol.Locations[0], match.TargetSymbol.ForMessage()));
        context.RegisterSourceOutput(
            strays.Where(static stray => stray is not null).Combine(context.CompilationProvider),
            static (output, found) => output.ReportDiagnostic(found.Left!.In(found.Right)));

        var models = parsed.Models(ModelStep);
        var slice = new Slice(
            models.Select(static (model, _) => EventEmitter.Register(model)),
            models.Select(static (model, _) => new HeldShapes($"event {model.TypeName}", model.Shapes)),
            parsed.Select(static (result, _) => Finding.Of(result, static model => EventEmitter.Register(model).Names)));
        return (slice, models);
    }
}
