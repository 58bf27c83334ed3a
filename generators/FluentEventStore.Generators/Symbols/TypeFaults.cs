using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Symbols;

/// <summary>What keeps generated code from making values of a type.</summary>
internal static class TypeFaults
{
    /// <summary>Said of a type that only a part of its assembly may name.</summary>
    public const string Hidden = "it, or a type around it, is private or protected, so generated code cannot name it";

    public static string? Find(INamedTypeSymbol type, Compilation compilation) => type switch
    {
        { IsUnboundGenericType: true } => "it is an open generic type",
        _ when HasTypeParameters(type) => "it is an open generic type",
        { IsStatic: true } => "it is static",
        { IsAbstract: true } => "it is abstract, so nothing can be read back as it",
        { IsRefLikeType: true } => "it is a ref struct",
        _ when type.Has("System.Runtime.CompilerServices.InlineArrayAttribute") =>
            "it is an inline array, and only one of its items would be stored; declare an array or a list",
        _ when type.IsForbidden() => Attributes.Forbidden,
        _ when Nameable.FaultOf(type, compilation) is { } fault => "it, a type around it or one of its arguments " + fault,
        _ when IsFileLocal(type) => "it is local to its file, so generated code cannot name it",
        _ when !compilation.IsSymbolAccessibleWithin(type, compilation.Assembly) => Hidden,
        _ when type.Has(Attributes.JsonConverter) && type.TypeKind != TypeKind.Enum =>
            "[JsonConverter] works on the type of a member, not on an event or document itself",
        _ when type.FirstUnsupported() is { } attribute => $"[{attribute}] is not supported",
        _ => null,
    };

    /// <summary>What keeps a generated file from adding to a type.</summary>
    public static string? OfPart(INamedTypeSymbol type) => type switch
    {
        _ when HasTypeParameters(type) => "it is generic",
        _ when IsFileLocal(type) => "it is local to its file, so a generated file cannot add to it",
        _ => null,
    };

    private static bool IsFileLocal(INamedTypeSymbol type) => type.IsFileLocal || (type.ContainingType is { } outer && IsFileLocal(outer));

    /// <summary>Whether the type is open: a type parameter stands in it.</summary>
    public static bool HasTypeParameters(INamedTypeSymbol type) =>
        type.TypeArguments.Any(HasTypeParameter) || (type.ContainingType is { } outer && HasTypeParameters(outer));

    private static bool HasTypeParameter(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol => true,
        IArrayTypeSymbol array => HasTypeParameter(array.ElementType),
        INamedTypeSymbol named => HasTypeParameters(named),
        _ => false,
    };

    /// <summary>
    /// Whether the compiler, or the rule of typed ids, reports a part of the type itself, so that generated code would only repeat it.
    /// </summary>
    public static bool IsUnfinished(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Error } => true,
        IArrayTypeSymbol array => IsUnfinished(array.ElementType),
        INamedTypeSymbol named =>
            named.AllArguments().Any(IsUnfinished) || (named.Has(KnownTypes.StreamIdAttribute) && IdTypes.FindValue(named) is null),
        _ => false,
    };
}
