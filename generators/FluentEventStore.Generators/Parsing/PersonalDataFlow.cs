using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Parsing;

/// <summary>
/// Finds what is made of personal data and would show it in plain text. What methods and constructors do is not looked at.
/// </summary>
internal static class PersonalDataFlow
{
    /// <summary>
    /// The personal data that the value of a member is made of, directly or through other members; <see langword="null"/> if it is made of
    /// none.
    /// </summary>
    public static ISymbol? Find(ISymbol member, INamedTypeSymbol type, Compilation compilation) =>
        Find(member, type, compilation, new HashSet<ISymbol>(SymbolEqualityComparer.Default) { member });

    /// <summary>The personal data that a method names; <see langword="null"/> if it names none. What it calls is not looked at.</summary>
    public static ISymbol? FindIn(IMethodSymbol method, Compilation compilation)
    {
        foreach (var declaration in method.DeclaringSyntaxReferences)
        {
            if (!compilation.ContainsSyntaxTree(declaration.SyntaxTree))
                continue;

            var model = compilation.GetSemanticModel(declaration.SyntaxTree);
            foreach (var name in declaration.GetSyntax().DescendantNodes(static node => !IsNameOf(node)).OfType<IdentifierNameSyntax>())
            {
                var symbol = model.GetSymbolInfo(name).Symbol;
                if (symbol is (IPropertySymbol or IFieldSymbol) and { IsStatic: false, ContainingType: { } type }
                    && (FindPersonal(symbol, type, compilation) ?? Find(symbol, type, compilation)) is { } found)
                    return found;
            }
        }

        return null;
    }

    private static ISymbol? Find(ISymbol member, INamedTypeSymbol type, Compilation compilation, HashSet<ISymbol> seen)
    {
        if (member is IFieldSymbol && BehindPersonal(member) is { } shown)
            return shown;

        foreach (var value in ValuesOf(member).Where(value => compilation.ContainsSyntaxTree(value.SyntaxTree)))
        {
            var model = compilation.GetSemanticModel(value.SyntaxTree);
            foreach (var name in value.DescendantNodesAndSelf(static node => !IsNameOf(node)).OfType<IdentifierNameSyntax>())
            {
                if (model.GetSymbolInfo(name).Symbol is not { IsStatic: false } symbol)
                    continue;

                if (FindPersonal(symbol, type, compilation) is { } personal)
                    return personal;

                if (symbol is IPropertySymbol or IFieldSymbol
                    && compilation.Is(type, symbol.ContainingType)
                    && seen.Add(symbol)
                    && Find(symbol, type, compilation, seen) is { } further)
                    return further;
            }
        }

        return null;
    }

    private static ISymbol? FindPersonal(ISymbol symbol, INamedTypeSymbol type, Compilation compilation) => symbol switch
    {
        IPropertySymbol or IFieldSymbol when PersonalDataParser.IsMarked(
            symbol, compilation.Is(type, symbol.ContainingType) ? type : symbol.ContainingType) => symbol,
        IFieldSymbol => BehindPersonal(symbol),
        IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } =>
            symbol.Has(KnownTypes.PersonalDataAttribute) ? symbol : BehindPersonal(symbol),
        _ => null,
    };

    /// <summary>The personal data whose property has the name of a field or parameter, or gives its value.</summary>
    private static IPropertySymbol? BehindPersonal(ISymbol source) =>
        source.ContainingType.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(property =>
        PersonalDataParser.IsMarked(property, source.ContainingType)
        && (string.Equals(property.Name, source.Name, StringComparison.OrdinalIgnoreCase)
            || HiddenState.NamesIn([property]).Contains(source.Name)));

    private static IEnumerable<SyntaxNode> ValuesOf(ISymbol member) => member.DeclaringSyntaxReferences
        .Concat((member as IPropertySymbol)?.PartialImplementationPart?.DeclaringSyntaxReferences ?? [])
        .Select(static reference => reference.GetSyntax())
        .SelectMany(static declaration => declaration switch
        {
            PropertyDeclarationSyntax property =>
                [
                    property.ExpressionBody,
                    property.Initializer?.Value,
                    .. property.AccessorList?.Accessors.Where(static accessor => accessor.Keyword.ValueText == "get") ?? []
                ],
            VariableDeclaratorSyntax field => [field.Initializer?.Value],
            _ => Array.Empty<SyntaxNode?>(),
        })
        .OfType<SyntaxNode>();

    private static bool IsNameOf(SyntaxNode node) =>
        node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } };
}
