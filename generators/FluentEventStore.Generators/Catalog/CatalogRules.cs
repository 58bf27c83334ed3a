using System.Globalization;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
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

        var owners = new Dictionary<(string Kind, string Name, int Version), StoredName>();
        foreach (var name in references.Names)
        {
            // Nothing here could tell apart what is in two references: the program would end when it loads both.
            if (owners.TryGetValue(KeyOf(name), out var other) && name.Kind != StoredName.Upcaster && !IsSame(name, other, references))
                report(
                    Diagnostic.Create(
                        Rules.DuplicateName, Location.None, Describe(name), Show(other, name, references), Show(name, other, references)));

            owners[KeyOf(name)] = name;
        }

        var declared = found.SelectMany(static item => item.Names.Select(name => (Name: name, item.Location)))
            .OrderBy(static item => item.Name.TypeName, StringComparer.Ordinal);
        foreach (var (name, location) in declared)
        {
            var key = KeyOf(name);
            if (!owners.TryGetValue(key, out var owner))
                owners.Add(key, name);
            else if (!IsSame(name, owner, references))
                report(
                    Diagnostic.Create(
                        Rules.DuplicateName, location, Describe(name), Show(owner, name, references), Show(name, owner, references)));
        }
    }

    // An alias takes the name from events.
    private static (string Kind, string Name, int Version) KeyOf(StoredName name) =>
        (name.Kind == StoredName.Alias ? StoredName.Event : name.Kind, name.Name, name.Version);

    private static string Describe(StoredName name) => name.Kind is StoredName.Event or StoredName.Alias
        ? $"version {name.Version.ToString(CultureInfo.InvariantCulture)} of the event '{name.Name}'"
        : $"{name.Kind} '{name.Name}'";

    // One file may be part of several projects: then types of several assemblies have one name.
    private static bool IsSame(StoredName name, StoredName other, ReferencesModel references) =>
        name.TypeName == other.TypeName && AssemblyOf(name, references) == AssemblyOf(other, references);

    private static string AssemblyOf(StoredName name, ReferencesModel references) =>
        name.Assembly.Length > 0 ? name.Assembly : references.AssemblyName;

    private static string Show(StoredName name, StoredName beside, ReferencesModel references) =>
        name.TypeName.Replace("global::", "") + (name.TypeName == beside.TypeName ? $" of {AssemblyOf(name, references)}" : "");
}
