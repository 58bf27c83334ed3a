using System.Composition;
using FluentEventStore.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FluentEventStore.CodeFixes;

/// <summary>Turns a DateTime into a DateTimeOffset. Stored values are read as before: they end in <c>Z</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class DateTimeFix() : StoreCodeFix(Rules.DateTimeInEvent)
{
    private protected override Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, CancellationToken cancellationToken)
    {
        var name = node.DescendantNodesAndSelf()
            .OfType<IdentifierNameSyntax>()
            .FirstOrDefault(static name => name.Identifier.ValueText == nameof(DateTime));
        return Task.FromResult(name is null
            ? null
            : Replace(
                "Use DateTimeOffset", document, root, name, SyntaxFactory.IdentifierName(nameof(DateTimeOffset)).WithTriviaFrom(name)));
    }
}
