using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Projections;

/// <summary>
/// Finds the types of documents that a projection writes: in the calls of its methods that stand in the file of the attribute, which is
/// read again whenever it is edited, and in attributes.
/// </summary>
internal sealed class WritesFinder(
    INamedTypeSymbol type, SemanticModel model, Findings findings, CancellationToken cancellationToken)
{
    private readonly HashSet<ITypeSymbol> _found = new(SymbolEqualityComparer.Default);
    private string? _hidden;

    public IReadOnlyCollection<ITypeSymbol> Find(IReadOnlyList<DispatchMethod> methods)
    {
        var declared = type.GetAttributes()
            .Where(static attribute => attribute.AttributeClass?.OriginalDefinition.MetadataName() == KnownTypes.WritesAttribute)
            .Select(static attribute => attribute.AttributeClass!.TypeArguments[0])
            .ToArray();
        _found.UnionWith(declared);
        foreach (var method in methods)
            Look(method.Symbol);

        foreach (var document in _found)
        {
            if (!document.Has(KnownTypes.DocumentAttribute))
                findings.Add(Rules.InvalidView, type, document.ForMessage(), type.ForMessage(), "it is not marked with [Document]");
        }

        if (declared.Length == 0 && _hidden is not null)
            findings.Add(Rules.UnknownWrites, type, type.ForMessage(), _hidden);
        else if (_found.Count == 0 && methods.Count > 0 && !findings.Any)
            findings.Add(Rules.UnknownWrites, type, type.ForMessage(), "no call in it writes a document");

        return _found;
    }

    private void Look(IMethodSymbol method)
    {
        var operations = method.Parameters.FirstOrDefault(
            static parameter => parameter.Type.MetadataName() == KnownTypes.DocumentOperations);
        var body = method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken);
        if (operations is null)
            return;

        if (body is null || body.SyntaxTree != model.SyntaxTree)
        {
            _hidden ??= $"'{method.ForMessage()}' stands in another file";
            return;
        }

        foreach (var name in body.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != operations.Name
                || !SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol, operations))
                continue;

            if (name.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access && access.Expression == name
                && model.GetSymbolInfo(call, cancellationToken).Symbol is IMethodSymbol { TypeArguments: [var document] })
            {
                if (document is ITypeParameterSymbol || document.SpecialType == SpecialType.System_Object)
                    _hidden ??= $"'{call}' does not name a type of documents";
                else
                    _found.Add(document);
            }
            else if (!name.Parent.IsKind(SyntaxKind.NameColon))
            {
                _hidden ??= $"'{method.ForMessage()}' hands '{operations.Name}' on";
            }
        }
    }
}
