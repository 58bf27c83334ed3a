using System.Composition;
using FluentEventStore.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FluentEventStore.CodeFixes;

/// <summary>Awaits a call whose task is dropped, where the code around it is asynchronous already.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AwaitFix() : StoreCodeFix(Rules.SaveNotAwaited)
{
    private protected override Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, CancellationToken cancellationToken) =>
        Task.FromResult(
            IsAsynchronous(node) && Dropped(node) is { } dropped ? Replace("Await it", document, root, dropped, Await(dropped)) : null);

    /// <summary>The expression whose value nobody takes: the call, or what stands around it.</summary>
    private static ExpressionSyntax? Dropped(SyntaxNode call)
    {
        var expression = call as ExpressionSyntax;
        while (expression?.Parent is ExpressionSyntax around and not AnonymousFunctionExpressionSyntax)
            expression = around;

        // A session that may be null may give no task to await. A task in a variable is for its user to await where it belongs.
        return expression is null
            or ConditionalAccessExpressionSyntax
            or AssignmentExpressionSyntax { Left: not IdentifierNameSyntax { Identifier.ValueText: "_" } }
            || expression.Parent is EqualsValueClauseSyntax
            ? null
            : expression;
    }

    private static AwaitExpressionSyntax Await(ExpressionSyntax dropped)
    {
        var task = dropped is AssignmentExpressionSyntax discarding ? discarding.Right : dropped;
        var awaited = SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return SyntaxFactory.AwaitExpression(awaited, task.WithoutTrivia()).WithTriviaFrom(dropped);
    }

    private static bool IsAsynchronous(SyntaxNode node)
    {
        foreach (var around in node.Ancestors())
        {
            switch (around)
            {
                case AnonymousFunctionExpressionSyntax function:
                    return function.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword);

                case LocalFunctionStatementSyntax function:
                    return function.Modifiers.Any(SyntaxKind.AsyncKeyword);

                case MemberDeclarationSyntax member and not GlobalStatementSyntax:
                    return member.Modifiers.Any(SyntaxKind.AsyncKeyword);
            }
        }

        // The statements of a program may always await.
        return true;
    }
}
