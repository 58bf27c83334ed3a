using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Deciders;

/// <summary>Finds the types marked as deciders.</summary>
internal static class DeciderGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "DeciderModel";

    public static IncrementalValuesProvider<Finding> Initialize(IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.FindTypes(KnownTypes.DeciderAttribute, DeciderParser.Parse);
        context.Write(static model => model.HintName, DeciderEmitter.Emit, parsed.Models(ModelStep));
        return parsed.Findings();
    }
}
