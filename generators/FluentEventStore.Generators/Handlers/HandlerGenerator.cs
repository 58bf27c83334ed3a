using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Handlers;

/// <summary>Finds the types marked as handlers of events.</summary>
internal static class HandlerGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "HandlerModel";

    public static IncrementalValuesProvider<Finding> Initialize(IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.FindTypes(KnownTypes.EventHandlerAttribute, HandlerParser.Parse);
        context.Write(static model => model.HintName, HandlerEmitter.Emit, parsed.Models(ModelStep));
        return parsed.Findings();
    }
}
