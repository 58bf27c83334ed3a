using System.Globalization;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Pipeline;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Finds out how a contract file and the events of its compilation differ.</summary>
internal sealed class ContractDrift
{
    private readonly Dictionary<(string Name, int Version), ContractEntryModel> _declared;
    private readonly Dictionary<string, ContractEntryModel> _byType;
    private readonly Dictionary<(string Name, int Version), StoredName> _readable = [];
    private readonly List<ContractFindingModel> _findings = [];
    private readonly List<ContractEntryModel> _next = [];
    private readonly string _path;

    private ContractDrift(string path, IEnumerable<ContractEntryModel> declared, IEnumerable<StoredName> names)
    {
        _path = path;

        // Two types with one name, and one type with two, are errors of their own.
        _declared = declared.GroupBy(static entry => entry.Key).ToDictionary(static group => group.Key, static group => group.First());
        _byType = _declared.Values.GroupBy(static entry => entry.TypeName, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.First(), StringComparer.Ordinal);
        foreach (var name in names.Where(static name => name.Kind is StoredName.Event or StoredName.Alias or StoredName.Upcaster))
            _readable[(name.Name, name.Version)] = name;
    }

    /// <param name="file">The file.</param>
    /// <param name="declared">The events that the compilation declares.</param>
    /// <param name="names">All names that it and its references read.</param>
    /// <param name="isWhole">Whether all events of the compilation could be modelled; if not, nothing is taken for gone.</param>
    public static ContractDriftModel Find(
        ContractFileModel file, IEnumerable<ContractEntryModel> declared, IEnumerable<StoredName> names, bool isWhole)
    {
        if (file.Fault is { } fault)
        {
            var invalid = new ContractFindingModel(
                Rules.InvalidContract.Id, file.Path, Place: "", Member: "", fault.Line, fault.Column, Entry: "", new[]
                {
                    Path.GetFileName(file.Path),
                    fault.Reason
                }
                    .ToEquatableArray());
            return new ContractDriftModel(new[] { invalid }.ToEquatableArray(), default);
        }

        var drift = new ContractDrift(file.Path, declared, names);
        foreach (var stored in file.Entries)
            drift.Compare(stored, isWhole);

        var known = new HashSet<(string, int)>(file.Entries.Select(static entry => entry.Key));
        foreach (var added in drift._declared.Values.Where(entry => !known.Contains(entry.Key)))
            drift.Add(added);

        return new ContractDriftModel(
            drift._findings.OrderBy(static finding => finding.Write(), StringComparer.Ordinal).ToEquatableArray(), drift._next
                .ToEquatableArray());
    }

    private void Compare(ContractEntryModel stored, bool isWhole)
    {
        if (_declared.TryGetValue(stored.Key, out var current) || TryFindAliased(stored, out current))
            Compare(stored, current);
        else if (_readable.ContainsKey(stored.Key) || !isWhole)
            _next.Add(stored);
        else
            ReportDropped(stored);
    }

    private bool TryFindAliased(ContractEntryModel stored, out ContractEntryModel current)
    {
        current = null!;
        return _readable.TryGetValue(stored.Key, out var name)
            && name.Kind == StoredName.Alias
            && _byType.TryGetValue(Show(name.TypeName), out current);
    }

    private void Compare(ContractEntryModel stored, ContractEntryModel current)
    {
        var next = stored with { TypeName = current.TypeName, Properties = current.Properties };
        if (next.Sample.Length == 0)
            next = next with { Sample = ContractSample.Write(next) };

        _next.Add(next);
        var differences = ContractComparison.Compare(stored, current);
        if (IsReused(stored, current, differences))
        {
            Report(Rules.ContractNameReused, stored, current, "", entry: null, stored.TypeName, current.TypeName);
            return;
        }

        var breaking = differences.Where(static difference => difference.Rule.DefaultSeverity == DiagnosticSeverity.Error).ToArray();
        foreach (var difference in breaking)
            Report(difference.Rule, stored, current, difference.Path, entry: null, [difference.Path, .. difference.Details]);

        // Bringing the entry up to date accepts all of it, so it is offered only if nothing breaks.
        if (breaking.Length > 0)
            return;

        foreach (var difference in differences)
            Report(difference.Rule, stored, current, difference.Path, next, [$"'{difference.Path}' ({difference.Details[0]})"]);

        if (stored.TypeName != current.TypeName)
            Report(Rules.ContractOutdated, stored, current, "", next, $"the type '{current.TypeName}'");

        if (stored.Sample.Length == 0)
            Report(Rules.ContractOutdated, stored, current, "", next, "a sample");
    }

    /// <summary>
    /// Whether the name was that of another event: its type has another name now, or has given way to one that has nothing in common with
    /// it.
    /// </summary>
    private bool IsReused(ContractEntryModel stored, ContractEntryModel current, IReadOnlyList<ContractDifference> differences)
    {
        if (stored.TypeName.Length == 0 || stored.TypeName == current.TypeName)
            return false;

        if (_byType.TryGetValue(stored.TypeName, out var moved) && moved.Name != current.Name)
            return true;

        var top = stored.Properties.Select(static property => ContractPath.Top(property.Path)).Distinct(StringComparer.Ordinal).ToArray();
        return top.Length > 0
            && top.All(path => differences.Any(difference => difference.Rule == Rules.ContractPropertyLost && difference.Path == path));
    }

    private void ReportDropped(ContractEntryModel stored)
    {
        var newest = _declared.Values.Where(entry => entry.Name == stored.Name)
            .OrderByDescending(static entry => entry.Version)
            .FirstOrDefault();
        Report(Rules.ContractVersionDropped, stored, newest, "", entry: null);
    }

    private void Add(ContractEntryModel added)
    {
        var next = added with { Sample = ContractSample.Write(added) };
        _next.Add(next);
        Report(Rules.ContractEventNew, added, added, "", next);
    }

    private void Report(
        DiagnosticDescriptor rule,
        ContractEntryModel stored,
        ContractEntryModel? at,
        string path,
        ContractEntryModel? entry,
        params string[] arguments)
    {
        var top = ContractPath.Top(path);
        var member = at?.Properties.FirstOrDefault(property => property.Path == top)?.Member ?? "";
        _findings.Add(new ContractFindingModel(
            rule.Id,
            _path,
            at?.TypeName ?? "",
            member,
            stored.Line,
            Column: 0,
            entry is null ? "" : ContractWriter.Entry(entry),
            new[] { stored.Name, stored.Version.ToString(CultureInfo.InvariantCulture) }.Concat(arguments).ToArray().ToEquatableArray()));
    }

    private static string Show(string typeName) => typeName.Replace("global::", "");
}
