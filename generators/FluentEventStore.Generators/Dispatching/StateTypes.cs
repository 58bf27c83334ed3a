using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>What a state may be folded from.</summary>
internal static class StateTypes
{
    /// <summary>Whether it has a constructor without parameters, from which an event that only Apply takes can begin.</summary>
    public static bool CanBegin(INamedTypeSymbol type) =>
        !type.IsAbstract
        && type.InstanceConstructors.FirstOrDefault(static constructor => constructor.Parameters.IsEmpty) is { } constructor
        && !constructor.IsForbidden()
        && (constructor.Has(Attributes.SetsRequiredMembers) || !HasRequiredMembers(type));

    private static bool HasRequiredMembers(INamedTypeSymbol type) =>
        type.GetMembers().Any(static member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true })
        || (type.BaseType is { } baseType && HasRequiredMembers(baseType));
}
