using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Upcasters;

/// <summary>Finds the methods marked as upcasters.</summary>
internal static class UpcasterGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "UpcasterModel";

    public static (
        IncrementalValuesProvider<Registration> Registrations,
        IncrementalValuesProvider<Parsed<UpcasterModel>> Findings)
        Initialize(MarkFinder marks)
    {
        var parsed = marks.Find(
            KnownTypes.UpcasterAttribute,
            static node => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax,
            static (match, _) => UpcasterParser.Parse(match));

        return (parsed.Models(ModelStep).Select(static (model, _) => UpcasterEmitter.Register(model)), parsed);
    }
}
