using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Modelling;

/// <summary>Finds the value that a typed id wraps.</summary>
internal static class WrapperParser
{
    /// <summary>The one property of a positional record struct, a Guid, string, int or long; <see langword="null"/> where the type has another shape.</summary>
    public static IPropertySymbol? FindValue(INamedTypeSymbol type)
    {
        // A compiled struct no longer says that it was a record.
        var isRecord = type.IsRecord || type.DeclaringSyntaxReferences.IsEmpty;
        if (!isRecord || !type.IsValueType || !type.IsReadOnly || type.IsGenericType)
            return null;

        var properties = type.GetMembers().OfType<IPropertySymbol>()
            .Where(static property => property is { IsStatic: false, DeclaredAccessibility: Accessibility.Public, SetMethod: not null })
            .ToArray();
        return properties is [var value]
            && IdentityParser.IsIdType(value.Type)
            && type.InstanceConstructors.Any(constructor =>
                constructor.Parameters is [var parameter] && SymbolEqualityComparer.Default.Equals(parameter.Type, value.Type) && parameter.Name == value.Name)
                ? value
                : null;
    }
}
