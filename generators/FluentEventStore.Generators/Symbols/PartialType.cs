using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Pipeline;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Symbols;

/// <summary>A type that a generated file adds to.</summary>
/// <param name="Namespace">Its namespace; empty for the global one.</param>
/// <param name="Declarations">
/// The heads of the types around it from the outside in, and its own, such as <c>partial record Account</c>.
/// </param>
internal sealed record PartialType(string Namespace, EquatableArray<string> Declarations)
{
    /// <summary>Models where to add; reports the type that is not partial.</summary>
    public static PartialType? Parse(INamedTypeSymbol type, TypeDeclarationSyntax node, Findings findings)
    {
        var heads = new List<string>();
        var notPartial = default(string);
        for (var current = node; current is not null; current = current.Parent as TypeDeclarationSyntax)
        {
            if (!current.Modifiers.Any(SyntaxKind.PartialKeyword))
                notPartial = current.Identifier.ValueText;

            var kind = current is RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: (int)SyntaxKind.StructKeyword }
                ? "record struct"
                : current.Keyword.ValueText;
            heads.Add($"partial {kind} {TypeNames.Escape(current.Identifier.ValueText)}");
        }

        if (notPartial is not null)
        {
            findings.Add(Rules.NotPartial, type, type.ForMessage(), notPartial);
            return null;
        }

        heads.Reverse();
        var space = type.ContainingNamespace.IsGlobalNamespace
            ? ""
            : type.ContainingNamespace.ToDisplayString(
                SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted));
        return new PartialType(space, heads.ToEquatableArray());
    }
}
