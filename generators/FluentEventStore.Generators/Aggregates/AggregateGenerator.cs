using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>Finds the types marked as aggregates.</summary>
internal static class AggregateGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "AggregateModel";

    public static Slice Initialize(IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.FindTypes(KnownTypes.AggregateAttribute, AggregateParser.Parse);
        var models = parsed.Models(ModelStep);
        context.Write(static model => model.HintName, AggregateEmitter.Emit, models);
        return Slice.Of(
            parsed, models, AggregateEmitter.Register, static model => new HeldShapes($"aggregate {model.TypeName}", model.Shapes));
    }
}
