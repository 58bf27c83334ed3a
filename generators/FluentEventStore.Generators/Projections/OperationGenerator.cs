using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Projections;

/// <summary>Finds the projections that do what they want with documents.</summary>
internal static class OperationGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "OperationModel";

    public static (IncrementalValuesProvider<Registration> Registrations, IncrementalValuesProvider<Finding> Findings) Initialize(
        IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.FindTypes(KnownTypes.ProjectionAttribute, OperationParser.Parse);
        var models = parsed.Models(ModelStep);
        context.Write(static model => model.HintName, OperationEmitter.Emit, models);
        return (
            models.Select(static (model, _) => OperationEmitter.Register(model)),
            parsed.Findings(static model => OperationEmitter.Register(model).Names));
    }
}
