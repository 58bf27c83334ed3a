using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Symbols;

/// <summary>Whether generated code can write down the name of a type.</summary>
internal static class Nameable
{
    private const string Global = "global";

    /// <summary>What keeps it from that; <see langword="null"/> if nothing does.</summary>
    public static string? FaultOf(ITypeSymbol type, Compilation compilation) =>
        type.NamesForbidden() ? "is obsolete as an error, so generated code cannot name it; make it a warning"
        : Parts(type).Select(compilation.AliasOf).FirstOrDefault(static alias => alias is not null) is { } alias
            ? $"belongs to an assembly that is referenced by the alias '{alias}' only, so generated code cannot name it; set the aliases "
                + $"of the reference to '{Global},{alias}'"
        : null;

    /// <summary>The alias by which the assembly of a type is known; <see langword="null"/> if it needs none.</summary>
    public static string? AliasOf(this Compilation compilation, ITypeSymbol type)
    {
        if (type.ContainingAssembly is not { } assembly
            || SymbolEqualityComparer.Default.Equals(assembly, compilation.Assembly)
            || type.IsOfSystem())
            return null;

        var aliases = compilation.GetMetadataReference(assembly)?.Properties.Aliases ?? default;
        return aliases.IsDefaultOrEmpty || aliases.Contains(Global) ? null : aliases[0];
    }

    private static IEnumerable<ITypeSymbol> Parts(ITypeSymbol type) =>
        type is IArrayTypeSymbol array ? Parts(array.ElementType) : type.AllArguments().SelectMany(Parts).Prepend(type);
}
