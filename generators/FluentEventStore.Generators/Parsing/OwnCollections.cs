using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>A collection that its user has declared: it is made by its constructor and filled item by item.</summary>
/// <param name="Key">The type of its keys; <see langword="null"/> if it has none.</param>
/// <param name="Item">The type of its items, or of the values of its keys.</param>
internal sealed record OwnCollection(ITypeSymbol? Key, ITypeSymbol Item)
{
    /// <summary>Whether it holds each item once.</summary>
    public bool IsSet { get; init; }
}

/// <summary>Finds collections that are not .NET's and can be made again from what they hold.</summary>
internal static class OwnCollections
{
    /// <summary>Why a type that can be enumerated is refused otherwise.</summary>
    public const string Refused =
        "it implements IEnumerable, so what it holds would not be stored; make it a class with a public constructor without parameters "
            + "that implements ICollection<T> or IDictionary<TKey, TValue> once, "
        + "or give it a converter with [JsonConverter]";

    private const string Sequence = "System.Collections.IEnumerable";
    private const string Collection = "System.Collections.Generic.ICollection`1";
    private const string Set = "System.Collections.Generic.ISet`1";
    private const string Dictionary = "System.Collections.Generic.IDictionary`2";

    /// <summary>Whether a type can be enumerated.</summary>
    public static bool IsSequence(INamedTypeSymbol type) =>
        type.AllInterfaces.Any(static implemented => implemented.MetadataName() == Sequence);

    /// <summary>The collection that a type is; <see langword="null"/> if it cannot be made again.</summary>
    /// <param name="type">A type that can be enumerated.</param>
    /// <param name="compilation">The compilation that the generated code belongs to.</param>
    /// <param name="fault">What of it would be lost; empty if it is no collection.</param>
    public static OwnCollection? Find(INamedTypeSymbol type, Compilation compilation, out string fault)
    {
        fault = "";
        if (type.TypeKind != TypeKind.Class || !CanBeMade(type) || TypeFaults.Find(type, compilation) is not null || IsNone(type))
            return null;

        var dictionaries = Implemented(type, Dictionary);
        var collections = Implemented(type, Collection);
        var found = (dictionaries.Length, collections.Length) switch
        {
            (1, _) =>
                new OwnCollection(
                    dictionaries[0].TypeArguments[0].Explicit(compilation), dictionaries[0].TypeArguments[1].Explicit(compilation)),
            (0, 1) =>
                new OwnCollection(null, collections[0].TypeArguments[0].Explicit(compilation))
                {
                    IsSet = Implemented(type, Set).Length > 0,
                },
            _ => null,
        };
        if (found is null || FirstLost(type, compilation) is not { } lost)
            return found;

        fault =
            $"'{HiddenState.NameOf(lost)}' would be lost, since only the items of a collection are stored; ignore it with [JsonIgnore], or "
                + "give the type a converter with [JsonConverter]";
        return null;
    }

    private static INamedTypeSymbol[] Implemented(INamedTypeSymbol type, string name) =>
        [.. type.AllInterfaces.Where(implemented => implemented.MetadataName() == name)];

    private static bool CanBeMade(INamedTypeSymbol type) =>
        type.InstanceConstructors.FirstOrDefault(static constructor => constructor.Parameters.IsEmpty)
            is { DeclaredAccessibility: Accessibility.Public } constructor
        && (constructor.Has(Attributes.SetsRequiredMembers)
            || !Types(type).Any(static part => part.GetMembers().Any(DataMembers.IsRequired)));

    // An object of jsonb, which a dictionary is, has no order of its own.
    private static bool IsNone(INamedTypeSymbol type) =>
        Types(type).Any(
            static part => part.IsOfSystem()
                && (part.Name.StartsWith("ReadOnly", StringComparison.Ordinal)
                    || part.MetadataName() == "System.Collections.Generic.OrderedDictionary`2"));

    /// <summary>
    /// What the type or a base type of its user keeps beside the items. What .NET's interfaces ask for says something about the items.
    /// </summary>
    private static ISymbol? FirstLost(INamedTypeSymbol type, Compilation compilation)
    {
        var asked = type.AllInterfaces.Where(static implemented => implemented.IsOfSystem())
            .SelectMany(static implemented => implemented.GetMembers().OfType<IPropertySymbol>())
            .Select(type.FindImplementationForInterfaceMember)
            .OfType<ISymbol>()
            .ToArray();

        // Where a collection of .NET holds the items, nothing else of the type does.
        var holdsItems = Types(type).First(static part => part.IsOfSystem()).SpecialType == SpecialType.System_Object;
        var own = Types(type).TakeWhile(static part => !part.IsOfSystem()).ToArray();
        return own.SelectMany(static part => part.GetMembers()).FirstOrDefault(
            member => IsLost(member, holdsItems) && !asked.Contains(member, SymbolEqualityComparer.Default))
            ?? own.SelectMany(part => CapturedParameters.Of(part, derived: null, compilation)).FirstOrDefault();
    }

    private static bool IsLost(ISymbol member, bool mayHoldItems) =>
        member is { IsStatic: false, IsImplicitlyDeclared: false, IsOverride: false }
            and (IFieldSymbol or IPropertySymbol { IsIndexer: false })
        && !PropertyFinder.IsIgnored(member)
        && (member.Has(Attributes.JsonInclude)
            || (member.DeclaredAccessibility == Accessibility.Public && (member.IsKept() || member.Setter() is not null))
            || (!mayHoldItems && member.IsKept()));

    private static IEnumerable<INamedTypeSymbol> Types(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
            yield return current;
    }
}
