using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Symbols;

/// <summary>How types and members are named in generated code.</summary>
internal static class TypeNames
{
    /// <summary>The namespace of what is generated, but for parts of the user's types.</summary>
    public const string GeneratedNamespace = "FluentEventStore.Generated";

    private static readonly SymbolDisplayFormat Annotated = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>The type as generated code writes it, without a question mark of its own.</summary>
    public static string Bare(this ITypeSymbol type) =>
        type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(Annotated);

    /// <summary>The type as generated code writes it; what is oblivious to null counts as nullable.</summary>
    public static string Full(this ITypeSymbol type) => type.IsOptional() ? type.Bare() + "?" : type.Bare();

    /// <summary>A reference type that may be null.</summary>
    public static bool IsOptional(this ITypeSymbol type) =>
        type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.NotAnnotated;

    /// <summary>A type whose values may be null.</summary>
    public static bool MayBeNull(this ITypeSymbol type) =>
        type.IsOptional() || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    /// <summary>
    /// Whether the definition of a generic type asks for a value, though what stands for its type parameter in a closed one may be null.
    /// </summary>
    public static bool AsksForValue(this ITypeSymbol definition) =>
        definition is ITypeParameterSymbol { NullableAnnotation: NullableAnnotation.NotAnnotated };

    /// <summary>The type as a message names it.</summary>
    public static string ForMessage(this ISymbol symbol) => symbol.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);

    /// <summary>An identifier, escaped if it is a keyword.</summary>
    public static string Escape(string identifier) =>
        SyntaxFacts.GetKeywordKind(identifier) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(identifier) == SyntaxKind.None
            ? identifier
            : "@" + identifier;

    /// <summary>The full metadata name of a type's definition, such as <c>System.Collections.Generic.List`1</c>.</summary>
    public static string MetadataName(this ITypeSymbol type)
    {
        var definition = type.OriginalDefinition;
        var name = definition.MetadataName;
        for (var outer = definition.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            name = outer.MetadataName + "+" + name;
        }

        for (var space = definition.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            name = space.Name + "." + name;
        }

        return name;
    }

    /// <summary>Whether the type is part of .NET.</summary>
    public static bool IsOfSystem(this ITypeSymbol type) => type.MetadataName().StartsWith("System.", StringComparison.Ordinal);

    /// <summary>The type as it is at run time, where nothing says whether a reference may be null.</summary>
    public static string Erased(this ITypeSymbol type) =>
        type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>The type with every part that is oblivious to null taken as nullable, so that the types of codecs fit together.</summary>
    public static ITypeSymbol Explicit(this ITypeSymbol type, Compilation compilation) =>
        type.Annotate(static part => part.IsOptional(), compilation);

    /// <summary>
    /// The type with every reference among its arguments taken as nullable: the one form of all that are the same at run time.
    /// </summary>
    public static INamedTypeSymbol Lenient(this INamedTypeSymbol type, Compilation compilation) =>
        (INamedTypeSymbol)type.Annotate(static part => part.IsReferenceType, compilation)
            .WithNullableAnnotation(NullableAnnotation.NotAnnotated);

    private static ITypeSymbol Annotate(this ITypeSymbol type, Func<ITypeSymbol, bool> isOptional, Compilation compilation)
    {
        var annotation = isOptional(type) ? NullableAnnotation.Annotated : type.NullableAnnotation;
        switch (type)
        {
            case IArrayTypeSymbol array:
                var element = array.ElementType.Annotate(isOptional, compilation);
                return compilation.CreateArrayTypeSymbol(element, array.Rank, element.NullableAnnotation)
                    .WithNullableAnnotation(annotation);

            case INamedTypeSymbol { IsGenericType: true } named:
                var definition = named.ContainingType is { IsGenericType: true } outer
                    ? ((INamedTypeSymbol)outer.Annotate(isOptional, compilation)).GetTypeMembers(named.Name, named.Arity).Single()
                    : named.ConstructedFrom;
                return (named.Arity == 0 ? definition : Construct(definition, named, isOptional, compilation)).WithNullableAnnotation(
                    annotation);

            default:
                return type.WithNullableAnnotation(annotation);
        }
    }

    private static INamedTypeSymbol Construct(
        INamedTypeSymbol definition, INamedTypeSymbol type, Func<ITypeSymbol, bool> isOptional, Compilation compilation)
    {
        ImmutableArray<ITypeSymbol> arguments =
        [
            .. type.TypeArguments.Zip(type.TypeParameters, (argument, parameter) =>
            {
                var annotated = argument.Annotate(isOptional, compilation);
                return annotated.IsOptional() && !parameter.TakesNull()
                    ? annotated.WithNullableAnnotation(NullableAnnotation.NotAnnotated)
                    : annotated;
            }),
        ];
        return definition.Construct(arguments, [.. arguments.Select(static argument => argument.NullableAnnotation)]);
    }

    /// <summary>Whether the constraints of a type parameter let its argument be null.</summary>
    private static bool TakesNull(this ITypeParameterSymbol parameter) =>
        !parameter.HasNotNullConstraint
        && !(parameter.HasReferenceTypeConstraint && parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.NotAnnotated)
        && parameter.ConstraintTypes.All(
            static type => type.NullableAnnotation != NullableAnnotation.NotAnnotated
                || (type is ITypeParameterSymbol other && other.TakesNull()));

    /// <summary>The type arguments of a type, after those of the types around it.</summary>
    public static IEnumerable<ITypeSymbol> AllArguments(this ITypeSymbol type) => type is INamedTypeSymbol named
        ? (named.ContainingType is { } outer ? outer.AllArguments() : []).Concat(named.TypeArguments)
        : [];

    /// <summary>The type as one identifier that no other type has, for the names of generated types and files.</summary>
    public static string Mangle(this ITypeSymbol type)
    {
        var name = new StringBuilder();
        Append(name, type.WithNullableAnnotation(NullableAnnotation.NotAnnotated));
        return name.ToString();
    }

    private static void Append(StringBuilder name, ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            Append(name, array.ElementType);
            name.Append("_Array");
        }
        else
        {
            foreach (var character in type.MetadataName())
            {
                _ = character switch
                {
                    '_' => name.Append("__"),
                    '.' or '+' => name.Append('_'),
                    '`' => name.Append("_Of"),
                    _ => name.Append(character),
                };
            }

            foreach (var argument in type.AllArguments())
            {
                name.Append('_');
                Append(name, argument);
            }
        }

        if (type.IsOptional())
            name.Append("_OrNull");
    }
}
