using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Parsing;

/// <summary>
/// What a type keeps beside what is stored of it. The compiler shows no private members of other assemblies, so these are not judged here.
/// </summary>
internal static class HiddenState
{
    /// <summary>
    /// The fields, captured parameters and properties that keep a value, of a type and its base types, and that are neither stored nor
    /// ignored. What a property shows that is read back is left out: the property sets it.
    /// </summary>
    /// <param name="type">The type.</param>
    /// <param name="properties">Its properties, those that are ignored too.</param>
    /// <param name="readBack">Those whose values are set when the type is read.</param>
    /// <param name="compilation">The compilation that the generated code belongs to.</param>
    public static IEnumerable<ISymbol> Find(
        INamedTypeSymbol type,
        IReadOnlyCollection<PropertyModel> properties,
        IReadOnlyCollection<ISymbol> readBack,
        Compilation compilation)
    {
        var shown = default(HashSet<string>);
        var derived = default(INamedTypeSymbol);
        for (var current = type; current is not null && !current.IsOfSystem(); current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (IsHidden(member)
                    && IsJudged(member, compilation)
                    && !IsStored(member, properties)
                    && !(shown ??= NamesIn(readBack)).Contains(member.Name))
                    yield return member;
            }

            foreach (var parameter in CapturedParameters.Of(current, derived, compilation))
            {
                if (!(shown ??= NamesIn(readBack)).Contains(parameter.Name))
                    yield return parameter;
            }

            derived = current;
        }
    }

    /// <summary>What holds a part of the state, as a message names it.</summary>
    public static string NameOf(ISymbol member) =>
        member is IParameterSymbol ? $"{member.ContainingType.ForMessage()}.{member.Name}" : member.ForMessage();

    /// <summary>Whether all that a type keeps is seen: it and its base types belong to the compilation.</summary>
    public static bool IsSeen(INamedTypeSymbol type, Compilation compilation)
    {
        for (var current = type; current is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; current =
            current.BaseType)
        {
            if (!SymbolEqualityComparer.Default.Equals(current.ContainingAssembly, compilation.Assembly))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Whether a type of another assembly shows nothing that could tell of a state: no members but those that the compiler gives to a
    /// record, and constructors without parameters. If it keeps something, nobody could notice.
    /// </summary>
    public static bool ShowsNothing(INamedTypeSymbol type)
    {
        for (var current = type; current is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; current =
            current.BaseType)
        {
            if (!current.GetMembers().All(
                member => IsOfEveryRecord(member, current) || (member is IPropertySymbol && PropertyFinder.IsIgnored(member))))
                return false;
        }

        return true;
    }

    private static bool IsHidden(ISymbol member) => member switch
    {
        { IsStatic: true } => false,
        _ when PropertyFinder.IsIgnored(member) || member.Has(Attributes.JsonInclude) => false,

        // A public field is reported as one, and what the compiler keeps for a property or event stands for nothing else.
        IFieldSymbol field =>
            field is { AssociatedSymbol: null, IsImplicitlyDeclared: false }
                && field.DeclaredAccessibility != Accessibility.Public
                && !field.Has(Attributes.CompilerGenerated),
        IPropertySymbol { IsIndexer: false, IsImplicitlyDeclared: false, Name: not "EqualityContract" } property =>
            property.DeclaredAccessibility != Accessibility.Public && property.IsKept(),
        _ => false,
    };

    // Private state of another assembly is seen in structs only, and how its properties use it is not seen at all.
    private static bool IsJudged(ISymbol member, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, compilation.Assembly)
            || member.DeclaredAccessibility is Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static bool IsStored(ISymbol member, IReadOnlyCollection<PropertyModel> properties) =>
        properties.Any(
            property => !property.IsIgnored && (IsOrOverrides(property.Symbol, member) || IsOrOverrides(member, property.Symbol)));

    private static bool IsOrOverrides(ISymbol member, ISymbol other) =>
        SymbolEqualityComparer.Default.Equals(member, other) || member.Overrides(other);

    /// <summary>The names that stand in the accessors of properties.</summary>
    public static HashSet<string> NamesIn(IEnumerable<ISymbol> properties) => new(
        properties.OfType<IPropertySymbol>()
            .SelectMany(
                static property => property.DeclaringSyntaxReferences.Concat(
                    property.PartialImplementationPart?.DeclaringSyntaxReferences ?? []))
            .Select(static reference => reference.GetSyntax())
            .OfType<PropertyDeclarationSyntax>()
            .SelectMany(static declaration => new SyntaxNode?[] { declaration.AccessorList, declaration.ExpressionBody })
            .OfType<SyntaxNode>()
            .SelectMany(static body => body.DescendantTokens())
            .Where(static token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(static token => token.ValueText),
        StringComparer.Ordinal);

    private static bool IsOfEveryRecord(ISymbol member, INamedTypeSymbol type) => member switch
    {
        INamedTypeSymbol or IFieldSymbol { IsConst: true } => true,
        IPropertySymbol { Name: "EqualityContract" } => true,
        IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: var parameters } =>
            parameters.All(parameter => SymbolEqualityComparer.Default.Equals(parameter.Type, type)),
        IMethodSymbol { Name: "get_EqualityContract"
            or "<Clone>$"
            or "PrintMembers"
            or "ToString"
            or "Equals"
            or "GetHashCode"
            or "op_Equality"
            or "op_Inequality" } => true,
        _ => false,
    };
}
