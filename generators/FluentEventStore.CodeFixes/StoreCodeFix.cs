using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FluentEventStore.CodeFixes;

/// <summary>A fix for one rule or several. It can be applied to all occurrences at once.</summary>
public abstract class StoreCodeFix : CodeFixProvider
{
    private protected StoreCodeFix(params DiagnosticDescriptor[] rules) => FixableDiagnosticIds = [.. rules.Select(static rule => rule.Id)];

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
            return;

        foreach (var diagnostic in context.Diagnostics)
        {
            var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (await FindAsync(context.Document, root, node, context.CancellationToken).ConfigureAwait(false) is { } change)
                context.RegisterCodeFix(CodeAction.Create(change.Title, change.MakeAsync, equivalenceKey: GetType().Name), diagnostic);
        }
    }

    /// <summary>What mends the code at a node; <see langword="null"/> if a program cannot tell.</summary>
    private protected abstract Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, CancellationToken cancellationToken);

    private protected static Change Replace(string title, Document document, SyntaxNode root, SyntaxNode old, SyntaxNode replacement) =>
        new(title, _ => Task.FromResult(document.WithSyntaxRoot(root.ReplaceNode(old, replacement)).Project.Solution));

    /// <param name="Title">What the editor offers.</param>
    /// <param name="MakeAsync">Makes the change.</param>
    private protected sealed record Change(string Title, Func<CancellationToken, Task<Solution>> MakeAsync);
}
