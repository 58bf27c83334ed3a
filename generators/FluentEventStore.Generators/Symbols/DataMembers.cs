using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Symbols;

/// <summary>What properties and fields have in common: both are a <see cref="ISymbol"/> with a type, which is read and set.</summary>
internal static class DataMembers
{
    public static ITypeSymbol TypeOfValue(this ISymbol member) =>
        member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;

    public static bool IsRequired(this ISymbol member) =>
        member is IFieldSymbol { IsRequired: true } or IPropertySymbol { IsRequired: true };

    /// <summary>What reads the member: the field itself, or the getter, which an overridden property may declare.</summary>
    public static ISymbol? Getter(this ISymbol member)
    {
        if (member is IFieldSymbol)
            return member;

        for (var current = (IPropertySymbol?)member; current is not null; current = current.OverriddenProperty)
        {
            if (current.GetMethod is { } getter)
                return getter;
        }

        return null;
    }

    /// <summary>What sets the member: a field that is not read-only, or the setter, which an overridden property may declare.</summary>
    public static ISymbol? Setter(this ISymbol member)
    {
        if (member is IFieldSymbol field)
            return field.IsReadOnly ? null : field;

        for (var current = (IPropertySymbol?)member; current is not null; current = current.OverriddenProperty)
        {
            if (current.SetMethod is { } setter)
                return setter;
        }

        return null;
    }

    /// <summary>Whether the member is a property that overrides another one.</summary>
    public static bool Overrides(this ISymbol member, ISymbol other)
    {
        for (var current = (member as IPropertySymbol)?.OverriddenProperty; current is not null; current = current.OverriddenProperty)
        {
            if (SymbolEqualityComparer.Default.Equals(current, other))
                return true;
        }

        return false;
    }

    /// <summary>Whether generated code may set the member at any time by what <see cref="Setter"/> found.</summary>
    public static bool IsFreelySet(this ISymbol setter, Compilation compilation) =>
        setter is not IMethodSymbol { IsInitOnly: true }
            && !setter.IsForbidden()
            && compilation.IsSymbolAccessibleWithin(setter, compilation.Assembly);

    /// <summary>Whether the value stands in a field: the member itself, or the one that the compiler keeps for a property.</summary>
    public static bool IsKept(this ISymbol member)
    {
        if (member is IFieldSymbol)
            return true;

        var definition = ((IPropertySymbol)member).OriginalDefinition;
        return definition.ContainingType.GetMembers()
            .OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, definition))
            || (definition.GetMethod?.Has(Attributes.CompilerGenerated) ?? false);
    }
}
