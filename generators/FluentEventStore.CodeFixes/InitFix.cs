using System.Composition;
using FluentEventStore.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FluentEventStore.CodeFixes;

/// <summary>Turns a set accessor into an init accessor.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class InitFix() : StoreCodeFix(Rules.MutableEvent)
{
    private protected override Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, CancellationToken cancellationToken) =>
        Task.FromResult(node.FirstAncestorOrSelf<AccessorDeclarationSyntax>() is { } accessor
            ? Replace("Use init instead of set", document, root, accessor, ToInit(accessor))
            : null);

    private static AccessorDeclarationSyntax ToInit(AccessorDeclarationSyntax accessor) =>
        SyntaxFactory.AccessorDeclaration(
            SyntaxKind.InitAccessorDeclaration,
            accessor.AttributeLists,
            accessor.Modifiers,
            SyntaxFactory.Token(SyntaxKind.InitKeyword).WithTriviaFrom(accessor.Keyword),
            accessor.Body,
            accessor.ExpressionBody,
            accessor.SemicolonToken);
}
