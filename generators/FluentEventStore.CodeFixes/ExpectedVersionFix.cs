using System.Composition;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.CodeFixes;

/// <summary>Turns a number that stands in the place of an event into the version that is expected.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ExpectedVersionFix() : StoreCodeFix(Rules.NoEvent)
{
    private protected override async Task<Change?> FindAsync(
        Document document, SyntaxNode root, SyntaxNode node, CancellationToken cancellationToken)
    {
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (node is not ExpressionSyntax
            {
                Parent: ArgumentSyntax
                {
                    Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call, Arguments: { Count: > 2 } arguments },
                },
            } number
            || !arguments[1].Equals(number.Parent)
            || model?.GetTypeInfo(number, cancellationToken).Type
                is not { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_UInt64 }
            || model.GetOperation(call, cancellationToken)
                is not IInvocationOperation { TargetMethod: { Name: "Append", ContainingType: var type } }
            || type.MetadataName() != KnownTypes.EventOperations
            || model.Compilation.GetTypeByMetadataName(KnownTypes.ExpectedVersion) is not { } expectedVersion)
            return null;

        var generator = SyntaxGenerator.GetGenerator(document);
        var expected = generator.InvocationExpression(
            generator.MemberAccessExpression(generator.TypeExpression(expectedVersion, addImport: true), "Exactly"),
            number.WithoutTrivia());
        return Replace("Expect exactly this version", document, root, number, expected.WithTriviaFrom(number));
    }
}
