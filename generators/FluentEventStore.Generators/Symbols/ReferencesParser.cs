using FluentEventStore.Generators.Pipeline;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Symbols;

/// <summary>Reads what the referenced assemblies say about their own catalogs.</summary>
internal static class ReferencesParser
{
    public static ReferencesModel Parse(Compilation compilation, CancellationToken cancellationToken)
    {
        var catalogs = new List<string>();
        var names = new List<StoredName>();
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!UsesLibrary(assembly))
                continue;

            foreach (var attribute in assembly.GetAttributes())
            {
                Add(attribute, compilation, catalogs, names);
            }
        }

        catalogs.Sort(StringComparer.Ordinal);
        var sorted = names.OrderBy(static name => name.Kind, StringComparer.Ordinal)
            .ThenBy(static name => name.Name, StringComparer.Ordinal)
            .ThenBy(static name => name.Version).ThenBy(static name => name.TypeName, StringComparer.Ordinal);
        return new ReferencesModel(compilation.AssemblyName ?? "Program", catalogs.ToEquatableArray(), sorted.ToEquatableArray());
    }

    // Most references belong to .NET; their attributes need not be decoded on every keystroke.
    private static bool UsesLibrary(IAssemblySymbol assembly) =>
        assembly.Modules.Any(static module => module.ReferencedAssemblies.Any(static reference => reference.Name == KnownTypes.Library));

    private static void Add(AttributeData attribute, Compilation compilation, List<string> catalogs, List<StoredName> names)
    {
        switch (attribute.AttributeClass?.MetadataName())
        {
            case KnownTypes.GeneratedCatalogAttribute when attribute.ConstructorArguments is [{ Value: INamedTypeSymbol catalog }]:
                catalogs.Add(
                    compilation.AliasOf(catalog) is { } alias ? alias + catalog.Bare().Substring("global".Length) : catalog.Bare());
                break;

            case KnownTypes.GeneratedNameAttribute when attribute.ConstructorArguments is
                [{ Value: string kind }, { Value: string name }, { Value: int version }, { Value: INamedTypeSymbol type }]:
                names.Add(new StoredName(kind, name, version, type.Erased()) { Assembly = type.ContainingAssembly.Name });
                break;
        }
    }
}
