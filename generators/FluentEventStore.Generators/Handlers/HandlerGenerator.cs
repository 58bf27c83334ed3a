using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Handlers;

/// <summary>Finds the types marked as handlers of events.</summary>
internal static class HandlerGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "HandlerModel";

    public static IncrementalValuesProvider<Finding> Initialize(IncrementalGeneratorInitializationContext context, MarkFinder marks)
    {
        var parsed = marks.Find(
            KnownTypes.EventHandlerAttribute,
            static node => node is TypeDeclarationSyntax,
            static (match, cancellationToken) => HandlerParser.Parse(match, cancellationToken));

        context.RegisterSourceOutput(parsed.Models(ModelStep), static (output, model) => HandlerEmitter.Emit(output, model));
        return parsed.Select(static (result, _) => Finding.Of(result, static _ => default));
    }
}
