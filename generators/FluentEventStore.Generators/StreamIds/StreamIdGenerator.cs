using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.StreamIds;

/// <summary>Finds the types marked as typed stream ids.</summary>
internal static class StreamIdGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "StreamIdModel";

    public static IncrementalValuesProvider<Finding> Initialize(IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.FindTypes(KnownTypes.StreamIdAttribute, static (match, _) => StreamIdParser.Parse(match));
        context.Write(static model => model.HintName, StreamIdEmitter.Emit, parsed.Models(ModelStep));
        return parsed.Findings();
    }
}
