using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Parsing;

/// <summary>
/// Parameters of primary constructors that are state. The compiler keeps one in a field without a name if a method or accessor uses it.
/// Methods are not looked at. If neither an initializer nor an argument of the base type takes a parameter, some method uses it: the
/// compiler warns of unused ones.
/// </summary>
internal static class CapturedParameters
{
    /// <summary>The parameters of a type's own primary constructor that the type keeps, except those that ignored properties use.</summary>
    /// <param name="type">The type.</param>
    /// <param name="derived">The derived type that it is a part of, if any. What that always passes is no state.</param>
    /// <param name="compilation">The compilation that the generated code belongs to.</param>
    public static IEnumerable<IParameterSymbol> Of(INamedTypeSymbol type, INamedTypeSymbol? derived, Compilation compilation)
    {
        if (type.IsRecord
            || type.InstanceConstructors.FirstOrDefault(constructor => IsPrimary(constructor, compilation))
                is not { Parameters.IsEmpty: false } primary)
            return [];

        var taken = TakenBy(type);
        return primary.Parameters.Where(
            parameter => !taken.Contains(parameter.Name) && !(derived is not null && IsConstant(parameter, derived)));
    }

    private static bool IsConstant(IParameterSymbol parameter, INamedTypeSymbol derived) => derived.InstanceConstructors
        .Where(static constructor => !constructor.IsImplicitlyDeclared)
        .SelectMany(static constructor => constructor.DeclaringSyntaxReferences)
        .Select(static reference => reference.GetSyntax() switch
        {
            TypeDeclarationSyntax { BaseList.Types: [PrimaryConstructorBaseTypeSyntax { ArgumentList.Arguments: var passed }, ..] } =>
                passed,
            ConstructorDeclarationSyntax
            {
                Initializer: { RawKind: (int)SyntaxKind.BaseConstructorInitializer, ArgumentList.Arguments: var passed },
            } => passed,
            _ => default,
        })
        .Select(
            passed => passed.Count > parameter.Ordinal && passed.All(static argument => argument.NameColon is null)
                ? passed[parameter.Ordinal]
                : null)
        .Select(
            static passed => passed is null || passed.DescendantTokens().Any(static token => token.IsKind(SyntaxKind.IdentifierToken))
                ? null
                : passed.ToString())
        .Distinct(StringComparer.Ordinal)
        .ToArray() is [{ }];

    private static bool IsPrimary(IMethodSymbol constructor, Compilation compilation) =>
        constructor.DeclaringSyntaxReferences.Any(
            reference => reference.GetSyntax() is TypeDeclarationSyntax && compilation.ContainsSyntaxTree(reference.SyntaxTree));

    private static HashSet<string> TakenBy(INamedTypeSymbol type)
    {
        var ignored = type.GetMembers()
            .Where(PropertyFinder.IsIgnored)
            .SelectMany(static member => member.DeclaringSyntaxReferences)
            .Select(static reference => reference.GetSyntax());
        var others = type.DeclaringSyntaxReferences
            .Select(static reference => reference.GetSyntax())
            .OfType<TypeDeclarationSyntax>()
            .SelectMany(static declaration =>
            declaration.Members.SelectMany(Initializers).Concat(
                declaration.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().Select(
                    static baseType => (SyntaxNode)baseType.ArgumentList)
                    ?? []));
        return new HashSet<string>(
            ignored.Concat(others)
                .SelectMany(static node => node.DescendantTokens())
                .Where(static token => token.IsKind(SyntaxKind.IdentifierToken))
                .Select(static token => token.ValueText),
            StringComparer.Ordinal);
    }

    private static IEnumerable<SyntaxNode> Initializers(MemberDeclarationSyntax member) => member switch
    {
        BaseFieldDeclarationSyntax field =>
            field.Declaration.Variables.Select(static variable => variable.Initializer).OfType<SyntaxNode>(),
        PropertyDeclarationSyntax { Initializer: { } initializer } => [initializer],
        _ => [],
    };
}
