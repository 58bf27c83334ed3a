using System.Composition;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FluentEventStore.CodeFixes;

/// <summary>Writes the name that an event is stored under into its attribute.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class NameFix() : StoreCodeFix(Rules.ImplicitName)
{
    private protected override Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, CancellationToken cancellationToken)
    {
        if (node.FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute
            || attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type)
            return Task.FromResult<Change?>(null);

        var name = NameRules.Kebab(type.Identifier.ValueText);
        if (NameRules.FaultOfEventName(name) is not null)
            return Task.FromResult<Change?>(null);

        return Task.FromResult<Change?>(Replace($"Name the event \"{name}\"", document, root, attribute, WithName(attribute, name)));
    }

    internal static AttributeSyntax WithName(AttributeSyntax attribute, string name)
    {
        var argument = SyntaxFactory.AttributeArgument(
            SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(name)));
        var list = attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList();

        // A first argument that sets no property can only be null.
        if (list.Arguments is [{ NameEquals: null } given, ..])
            return attribute.WithArgumentList(list.ReplaceNode(given, argument));

        var arguments = list.Arguments.Count == 0
            ? SyntaxFactory.SingletonSeparatedList(argument)
            : SyntaxFactory.SeparatedList(
                list.Arguments.Insert(0, argument),
                [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), .. list.Arguments.GetSeparators()]);
        return attribute.WithArgumentList(list.WithArguments(arguments));
    }
}
