using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Usage;

/// <summary>The types of a compilation that events, documents and aggregates consist of.</summary>
internal static class HeldTypes
{
    public static HashSet<ISymbol> Of(Compilation compilation, StoreTypes types)
    {
        var held = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var type in In(compilation.Assembly.GlobalNamespace).Where(types.IsStored))
            Add(type, compilation, held);

        return held;
    }

    private static void Add(ITypeSymbol type, Compilation compilation, HashSet<ISymbol> held)
    {
        foreach (var part in type is IArrayTypeSymbol array ? [array.ElementType] : type.AllArguments())
            Add(part, compilation, held);

        if (type is not INamedTypeSymbol named
            || !SymbolEqualityComparer.Default.Equals(named.ContainingAssembly, compilation.Assembly)
            || !held.Add(named.OriginalDefinition))
            return;

        var listed = named.GetAttributes().Where(static attribute => attribute.AttributeClass?.MetadataName() == Attributes.JsonDerivedType)
            .Select(static attribute => attribute.ConstructorArguments.FirstOrDefault().Value).OfType<ITypeSymbol>();
        foreach (var part in named.GetMembers()
            .Where(static member => member is { IsStatic: false } and (IPropertySymbol or IFieldSymbol))
            .Select(DataMembers.TypeOfValue)
            .Concat(listed))
            Add(part, compilation, held);

        if (named.BaseType is { } baseType)
            Add(baseType, compilation, held);
    }

    private static IEnumerable<INamedTypeSymbol> In(INamespaceOrTypeSymbol container) =>
        container.GetMembers().OfType<INamespaceOrTypeSymbol>()
        .SelectMany(static member => (member is INamedTypeSymbol type ? [type] : Array.Empty<INamedTypeSymbol>()).Concat(In(member)));
}
