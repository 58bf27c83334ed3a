using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>
/// Which of several methods takes an event: that of its own type, else of the nearest base type, else of the most derived interface.
/// </summary>
internal sealed class MethodOrder(Compilation compilation)
{
    /// <summary>Orders methods so that the first one that fits is the one to call.</summary>
    public IReadOnlyList<DispatchMethod> MostDerivedFirst(IReadOnlyList<DispatchMethod> methods) =>
    [
        .. methods
            .OrderBy(static method => method.Taken switch
            {
                null => 4,
                { SpecialType: SpecialType.System_Object } => 3,
                { TypeKind: TypeKind.Interface } => 2,
                { IsValueType: true } => 0,
                _ => 1,
            })
            .ThenByDescending(method => methods.Count(other => IsWithin(method, other)))
            .ThenBy(static method => method.Taken?.Bare(), StringComparer.Ordinal),
    ];

    /// <summary>Two methods for interfaces of one type, neither of which derives from the other.</summary>
    public (DispatchMethod First, DispatchMethod Second, INamedTypeSymbol Type)? FindTie(
        IReadOnlyList<DispatchMethod> methods, Func<IEnumerable<INamedTypeSymbol>> types)
    {
        var interfaces = methods.Where(static method => method.Taken is { TypeKind: TypeKind.Interface }).ToArray();
        if (!interfaces.Any(
            first => interfaces.Any(second => !ReferenceEquals(first, second) && !IsWithin(first, second) && !IsWithin(second, first))))
            return null;

        foreach (var type in types())
        {
            var fitting = methods.Where(
                method => method.Taken is { SpecialType: not SpecialType.System_Object } taken && compilation.Is(type, taken)).ToArray();
            if (!fitting.All(static method => method.Taken!.TypeKind == TypeKind.Interface))
                continue;

            var nearest = fitting.Where(method => !fitting.Any(other => IsWithin(other, method))).ToArray();
            if (nearest.Length > 1)
                return (nearest[0], nearest[1], type);
        }

        return null;
    }

    /// <summary>The types that cover all others. A type is left out if another method takes a base type of it.</summary>
    public EquatableArray<string> Cover(IEnumerable<DispatchMethod> methods)
    {
        var types = methods.Where(static method => method.Taken is not null).Select(static method => method.Taken!).ToArray();
        return types
            .Where(type => !types.Any(other => !SymbolEqualityComparer.Default.Equals(type, other) && compilation.Is(type, other)))
            .Select(static type => type.Bare())
            .Distinct()
            .OrderBy(static name => name, StringComparer.Ordinal)
            .ToEquatableArray();
    }

    private bool IsWithin(DispatchMethod inner, DispatchMethod outer) =>
        inner.Taken is { } first && outer.Taken is { } second
        && !SymbolEqualityComparer.Default.Equals(first, second) && compilation.Is(first, second);
}
