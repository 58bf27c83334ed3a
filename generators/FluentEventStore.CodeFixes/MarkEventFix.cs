using System.Composition;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace FluentEventStore.CodeFixes;

/// <summary>Marks the type of an appended object as an event, if it is declared in the solution.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MarkEventFix() : StoreCodeFix(Rules.NoEvent)
{
    private protected override async Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, CancellationToken cancellationToken)
    {
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        var type = ItemOf(model?.GetTypeInfo(node, cancellationToken).Type);
        if (type is null
            || NameRules.FaultOfEventName(NameRules.Kebab(type.Name)) is not null
            || type is not INamedTypeSymbol
            {
                TypeKind: TypeKind.Class or TypeKind.Struct,
                IsAnonymousType: false,
                DeclaringSyntaxReferences: [var reference, ..],
            }
            || document.Project.Solution.GetDocument(reference.SyntaxTree) is not { } declaring
            || await reference.GetSyntaxAsync(cancellationToken).ConfigureAwait(false) is not TypeDeclarationSyntax declaration)
            return null;

        // The project of the type may not refer to the library.
        return (await declaring.Project.GetCompilationAsync(cancellationToken).ConfigureAwait(false))?.GetTypeByMetadataName(
            KnownTypes.EventAttribute) is null
            ? null
            : new Change($"Mark '{type.Name}' with [Event]", token => MarkAsync(declaring, declaration, type.Name, token));
    }

    private static ITypeSymbol? ItemOf(ITypeSymbol? type) => type is IArrayTypeSymbol array ? array.ElementType : type;

    private static async Task<Solution> MarkAsync(
        Document document, TypeDeclarationSyntax declaration, string name, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        var attribute = editor.SemanticModel.Compilation.GetTypeByMetadataName(KnownTypes.EventAttribute)!;
        editor.AddAttribute(declaration, editor.Generator.Attribute(
            editor.Generator.TypeExpression(attribute, addImport: true),
            [editor.Generator.LiteralExpression(NameRules.Kebab(name))]));
        return editor.GetChangedDocument().Project.Solution;
    }
}
