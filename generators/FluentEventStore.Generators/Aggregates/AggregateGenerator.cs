using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>Finds the types marked as aggregates.</summary>
internal static class AggregateGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "AggregateModel";

    public static Slice Initialize(IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.Find(
            KnownTypes.AggregateAttribute,
            static node => node is TypeDeclarationSyntax,
            static (match, cancellationToken) => AggregateParser.Parse(match, cancellationToken));

        var models = parsed.Models(ModelStep);
        context.RegisterSourceOutput(models, static (output, model) => AggregateEmitter.Emit(output, model));
        return new Slice(
            models.Select(static (model, _) => AggregateEmitter.Register(model)),
            models.Select(static (model, _) => new HeldShapes($"aggregate {model.TypeName}", model.Shapes)),
            parsed.Select(static (result, _) => Finding.Of(result, static model => AggregateEmitter.Register(model).Names)));
    }
}
