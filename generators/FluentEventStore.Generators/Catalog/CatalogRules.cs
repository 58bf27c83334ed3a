using System.Globalization;
using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Catalog;

/// <summary>Reports what is wrong with the attributed types, and which of them claim one name.</summary>
internal static class CatalogRules
{
    public static void Report(Action<Diagnostic> report, IEnumerable<Finding> found, ReferencesModel references)
    {
        // A type that several events hold is parsed with each of them.
        var reported = new HashSet<(Location, string Id, string Message)>();
        foreach (var diagnostic in found.SelectMany(static item => item.Diagnostics))
        {
            if (reported.Add((diagnostic.Location, diagnostic.Id, diagnostic.GetMessage(CultureInfo.InvariantCulture))))
                report(diagnostic);
        }

        var owners = new Dictionary<(string Kind, string Name, int Version), string>();
        foreach (var name in references.Names)
        {
            owners[KeyOf(name)] = name.TypeName;
        }

        var declared = found.SelectMany(static item => item.Names.Select(name => (Name: name, item.Location)))
            .OrderBy(static item => item.Name.TypeName, StringComparer.Ordinal);
        foreach (var (name, location) in declared)
        {
            var key = KeyOf(name);
            if (!owners.TryGetValue(key, out var owner))
                owners.Add(key, name.TypeName);
            else if (owner != name.TypeName)
                report(Diagnostic.Create(Rules.DuplicateName, location, Describe(name), Show(owner), Show(name.TypeName)));
        }
    }

    // An alias takes the name from events.
    private static (string Kind, string Name, int Version) KeyOf(StoredName name) =>
        (name.Kind == StoredName.Alias ? StoredName.Event : name.Kind, name.Name, name.Version);

    private static string Describe(StoredName name) => name.Kind is StoredName.Event or StoredName.Alias
        ? $"version {name.Version.ToString(CultureInfo.InvariantCulture)} of the event '{name.Name}'"
        : $"{name.Kind} '{name.Name}'";

    private static string Show(string typeName) => typeName.Replace("global::", "");
}
