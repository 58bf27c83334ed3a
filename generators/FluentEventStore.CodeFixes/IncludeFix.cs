using System.Composition;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FluentEventStore.CodeFixes;

/// <summary>Stores a field or property that is not public, and lets it be set when it is read.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class IncludeFix() : StateFix(Attributes.JsonInclude, "Store it")
{
    private protected override MemberDeclarationSyntax Prepare(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax field =>
            field.WithModifiers(
                SyntaxFactory.TokenList(field.Modifiers.Where(static modifier => !modifier.IsKind(SyntaxKind.ReadOnlyKeyword)))),
        PropertyDeclarationSyntax property when IsGetOnly(property) => property.WithAccessorList(property.AccessorList!.AddAccessors(Init)),
        _ => member,
    };

    private static AccessorDeclarationSyntax Init => SyntaxFactory.AccessorDeclaration(SyntaxKind.InitAccessorDeclaration)
        .WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken))
        .WithTrailingTrivia(SyntaxFactory.Space);
}
