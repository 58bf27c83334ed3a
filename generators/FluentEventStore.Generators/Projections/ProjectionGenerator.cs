using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Projections;

/// <summary>Finds the types marked as projections.</summary>
internal static class ProjectionGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "ProjectionModel";

    public static (IncrementalValuesProvider<Registration> Registrations, IncrementalValuesProvider<Finding> Findings) Initialize(
        IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.FindTypes(KnownTypes.ProjectionAttribute, ProjectionParser.Parse);
        var models = parsed.Models(ModelStep);
        context.Write(static model => model.HintName, ProjectionEmitter.Emit, models);
        return (
            models.Select(static (model, _) => ProjectionEmitter.Register(model)),
            parsed.Findings(static model => ProjectionEmitter.Register(model).Names));
    }
}
