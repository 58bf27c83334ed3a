using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Marks;

/// <summary>A declaration that is marked with an attribute, as it is parsed.</summary>
/// <param name="TargetNode">The part of the declaration that has the attribute.</param>
/// <param name="TargetSymbol">What is declared.</param>
/// <param name="SemanticModel">The model of its file.</param>
/// <param name="Attributes">The attributes that were looked for; one or more.</param>
internal readonly record struct Mark(
    SyntaxNode TargetNode, ISymbol TargetSymbol, SemanticModel SemanticModel, IReadOnlyList<AttributeData> Attributes)
{
    /// <summary>What a node declares; the attributes of a file are those of the assembly.</summary>
    public static ISymbol? SymbolOf(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken) =>
        node is CompilationUnitSyntax ? model.Compilation.Assembly : model.GetDeclaredSymbol(node, cancellationToken);
}
