using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Symbols;

/// <summary>The types of ids, and the values that typed ones wrap.</summary>
internal static class IdTypes
{
    /// <summary>
    /// The one property of a positional record struct, a Guid, string, int or long; <see langword="null"/> if the type has another
    /// shape.
    /// </summary>
    /// <param name="type">The type.</param>
    /// <param name="mayChange">Whether the struct need not be read-only.</param>
    public static IPropertySymbol? FindValue(INamedTypeSymbol type, bool mayChange = false)
    {
        // A compiled struct no longer says that it was a record.
        var isRecord = type.IsRecord || type.DeclaringSyntaxReferences.IsEmpty;
        if (!isRecord || !type.IsValueType || !(type.IsReadOnly || mayChange) || type.IsGenericType)
            return null;

        var properties = type.GetMembers().OfType<IPropertySymbol>()
            .Where(static property => property is { IsStatic: false, DeclaredAccessibility: Accessibility.Public, SetMethod: not null })
            .ToArray();
        return properties is [var value]
            && IsIdType(value.Type)
            && type.InstanceConstructors.Any(constructor =>
                constructor.Parameters is [var parameter]
                    && SymbolEqualityComparer.Default.Equals(parameter.Type, value.Type)
                    && parameter.Name == value.Name)
                ? value
                : null;
    }

    /// <summary>The value that a typed id wraps; <see langword="null"/> if the type is none.</summary>
    public static IPropertySymbol? WrappedBy(ITypeSymbol type) =>
        type is INamedTypeSymbol named && named.Has(KnownTypes.StreamIdAttribute) ? FindValue(named) : null;

    /// <summary>Whether values of the type are ids, of themselves or wrapped by a typed id.</summary>
    public static bool IsIdType(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64
        || (type.SpecialType == SpecialType.System_String && !type.IsOptional())
        || type.MetadataName() == "System.Guid";
}
