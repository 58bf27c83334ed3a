using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.StreamIds;

/// <summary>Finds the types marked as typed stream ids.</summary>
internal static class StreamIdGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "StreamIdModel";

    public static IncrementalValuesProvider<Finding> Initialize(IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.Find(
            KnownTypes.StreamIdAttribute,
            static node => node is TypeDeclarationSyntax,
            static (match, _) => StreamIdParser.Parse(match));

        context.RegisterSourceOutput(parsed.Models(ModelStep), static (output, model) => StreamIdEmitter.Emit(output, model));
        return parsed.Select(static (result, _) => Finding.Of(result, static _ => default));
    }
}
