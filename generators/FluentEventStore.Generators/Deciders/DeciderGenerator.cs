using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Deciders;

/// <summary>Finds the types marked as deciders.</summary>
internal static class DeciderGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "DeciderModel";

    public static IncrementalValuesProvider<Finding> Initialize(IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.Find(
            KnownTypes.DeciderAttribute,
            static node => node is TypeDeclarationSyntax,
            static (match, cancellationToken) => DeciderParser.Parse(match, cancellationToken));

        context.RegisterSourceOutput(parsed.Models(ModelStep), static (output, model) => DeciderEmitter.Emit(output, model));
        return parsed.Select(static (result, _) => Finding.Of(result, static _ => default));
    }
}
