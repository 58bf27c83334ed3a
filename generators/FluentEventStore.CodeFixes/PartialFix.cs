using System.Composition;
using FluentEventStore.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FluentEventStore.CodeFixes;

/// <summary>
/// Declares a type, and the types around it, as partial. The generator reports the rule, so that the report is in step with what it leaves
/// out. Editors offer fixes for what generators report, as for analyzers.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class PartialFix() : StoreCodeFix(Rules.NotPartial)
{
    private protected override Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, CancellationToken cancellationToken)
    {
        var types = node.AncestorsAndSelf()
            .OfType<TypeDeclarationSyntax>()
            .Where(static type => !type.Modifiers.Any(SyntaxKind.PartialKeyword))
            .ToArray();
        return Task.FromResult(types.Length == 0
            ? null
            : new Change(
                $"Declare '{types[types.Length - 1].Identifier.ValueText}' as partial",
                _ => Task.FromResult(
                    document.WithSyntaxRoot(root.ReplaceNodes(types, static (_, type) => AddPartial(type))).Project.Solution)));
    }

    private static TypeDeclarationSyntax AddPartial(TypeDeclarationSyntax type)
    {
        var partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return type.Modifiers.Count > 0
            ? type.AddModifiers(partial)
            : type.WithKeyword(type.Keyword.WithLeadingTrivia()).AddModifiers(partial.WithLeadingTrivia(type.Keyword.LeadingTrivia));
    }
}
