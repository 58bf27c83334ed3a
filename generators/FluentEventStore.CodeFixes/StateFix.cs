using FluentEventStore.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace FluentEventStore.CodeFixes;

/// <summary>Marks a field or property that is not stored with an attribute of System.Text.Json.</summary>
public abstract class StateFix : StoreCodeFix
{
    private readonly string _attribute;
    private readonly string _title;

    private protected StateFix(string attribute, string title)
        : base(Rules.NotStored, Rules.UnsavedState) => (_attribute, _title) = (attribute, title);

    private protected sealed override Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, CancellationToken cancellationToken)
    {
        // An attribute on a declaration of several fields would hold for all.
        var member = node.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        return Task.FromResult(member is PropertyDeclarationSyntax or FieldDeclarationSyntax { Declaration.Variables.Count: 1 }
            ? new Change(_title, token => MarkAsync(document, member, token))
            : null);
    }

    /// <summary>The declaration as it has to be for the attribute.</summary>
    private protected virtual MemberDeclarationSyntax Prepare(MemberDeclarationSyntax member) => member;

    private async Task<Solution> MarkAsync(Document document, MemberDeclarationSyntax member, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        var attribute = editor.Generator.Attribute(
            editor.Generator.TypeExpression(editor.SemanticModel.Compilation.GetTypeByMetadataName(_attribute)!, addImport: true));
        editor.ReplaceNode(member, (node, generator) => generator.AddAttributes(Prepare((MemberDeclarationSyntax)node), attribute));
        return editor.GetChangedDocument().Project.Solution;
    }

    /// <summary>Whether a property is read only, and keeps what its constructor or initializer gave it.</summary>
    private protected static bool IsGetOnly(PropertyDeclarationSyntax property) =>
        property.AccessorList is { Accessors: [{ RawKind: (int)SyntaxKind.GetAccessorDeclaration, Body: null, ExpressionBody: null }] };
}
