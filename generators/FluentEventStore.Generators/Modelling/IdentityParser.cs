using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Modelling;

/// <summary>Finds the identity of documents.</summary>
internal static class IdentityParser
{
    private const string Name = "Id";

    /// <summary>The identity of a type that is marked as a document or an aggregate; <see langword="null"/> where it has none that fits.</summary>
    public static IdentityModel? Find(INamedTypeSymbol type, Compilation compilation)
    {
        if (!type.Has(KnownTypes.DocumentAttribute) && !type.Has(KnownTypes.AggregateAttribute))
            return null;

        if (Property(type) is not { } property || property.Has(Attributes.JsonIgnore) || !IsIdType(property.Type) || PropertyFinder.Setter(property) is not { } setter)
            return null;

        var byAccessor = setter.IsInitOnly || !compilation.IsSymbolAccessibleWithin(setter, compilation.Assembly);
        return new IdentityModel(property.Type.Bare(), Name, byAccessor ? AccessorParser.Parse(setter, compilation) : null);
    }

    /// <summary>The public property <c>Id</c> of a type or its base types.</summary>
    public static IPropertySymbol? Property(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers(Name).OfType<IPropertySymbol>().FirstOrDefault() is { } property)
                return property is { IsStatic: false, GetMethod.DeclaredAccessibility: Accessibility.Public } ? property : null;
        }

        return null;
    }

    public static bool IsIdType(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64
        || (type.SpecialType == SpecialType.System_String && !type.IsOptional())
        || type.MetadataName() == "System.Guid";
}
