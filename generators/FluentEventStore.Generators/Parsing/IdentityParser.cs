using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Finds the identity of documents.</summary>
internal static class IdentityParser
{
    private const string Name = "Id";

    /// <summary>
    /// The identity of a type that is marked as a document or an aggregate; <see langword="null"/> if it has none that fits.
    /// </summary>
    public static IdentityModel? Find(INamedTypeSymbol type, Compilation compilation)
    {
        if (!type.Has(KnownTypes.DocumentAttribute) && !type.Has(KnownTypes.AggregateAttribute))
            return null;

        if (Property(type) is not { } property || property.Has(Attributes.JsonIgnore) || property.Setter() is not { } setter)
            return null;

        var wrapped = IdTypes.WrappedBy(property.Type);
        if (wrapped is null && !IdTypes.IsIdType(property.Type))
            return null;

        return new IdentityModel(
            (wrapped?.Type ?? property.Type).Bare(),
            Name,
            wrapped is null ? null : new WrappedIdModel(property.Type.Bare(), TypeNames.Escape(wrapped.Name)),
            setter.IsFreelySet(compilation) ? null : AccessorParser.Parse(setter, compilation));
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
}
