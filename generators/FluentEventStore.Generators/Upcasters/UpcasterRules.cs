using System.Globalization;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Upcasters;

/// <summary>
/// Reports what is wrong with upcasters, and where their chains break, go in circles or part, across this assembly and those that it
/// references.
/// </summary>
internal static class UpcasterRules
{
    public static void Report(
        Action<Diagnostic> report, IEnumerable<Finding> found, IEnumerable<Parsed<UpcasterModel>> upcasters, ReferencesModel references)
    {
        var own = upcasters.Where(static upcaster => upcaster.Model is not null)
            .OrderBy(static upcaster => upcaster.Model!.Method, StringComparer.Ordinal)
            .ToArray();
        foreach (var diagnostic in upcasters.SelectMany(static upcaster => upcaster.Diagnostics))
        {
            report(diagnostic);
        }

        var shapes = FindShapes(found, references);
        var steps = FindSteps(own, shapes, FindAliases(found, references), references, report);
        ReportCircles(own, steps, shapes, report);
        ReportGaps(steps, shapes, report);
    }

    /// <summary>The declared shapes of events by name and version, those of references without a location.</summary>
    private static Dictionary<(string Name, int Version), (string TypeName, Location Location)> FindShapes(
        IEnumerable<Finding> found, ReferencesModel references)
    {
        var shapes = new Dictionary<(string, int), (string, Location)>();
        foreach (var name in references.Names.Where(static name => name.Kind == StoredName.Event))
        {
            shapes[(name.Name, name.Version)] = (name.TypeName, Location.None);
        }

        foreach (var item in found)
        {
            foreach (var name in item.Names.Where(static name => name.Kind == StoredName.Event))
            {
                shapes[(name.Name, name.Version)] = (name.TypeName, item.Location);
            }
        }

        return shapes;
    }

    private static Dictionary<(string Name, int Version), string> FindAliases(IEnumerable<Finding> found, ReferencesModel references)
    {
        var aliases = new Dictionary<(string, int), string>();
        foreach (var name in references.Names.Concat(found.SelectMany(static item => item.Names))
            .Where(static name => name.Kind == StoredName.Alias))
        {
            aliases[(name.Name, name.Version)] = name.TypeName;
        }

        return aliases;
    }

    private static Dictionary<(string Name, int Version), Step> FindSteps(
        IEnumerable<Parsed<UpcasterModel>> own,
        Dictionary<(string Name, int Version), (string TypeName, Location Location)> shapes,
        Dictionary<(string Name, int Version), string> aliases,
        ReferencesModel references,
        Action<Diagnostic> report)
    {
        var byType = shapes.GroupBy(static shape => shape.Value.TypeName, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.First().Key, StringComparer.Ordinal);
        var steps = new Dictionary<(string, int), Step>();
        foreach (var name in references.Names.Where(static name => name.Kind == StoredName.Upcaster))
        {
            if (byType.TryGetValue(name.TypeName, out var target))
                steps[(name.Name, name.Version)] = new Step(
                    $"an upcaster to '{Show(name.TypeName)}' in a referenced assembly", target, Location.None);
        }

        foreach (var (model, location) in own.Select(static upcaster => (upcaster.Model!, upcaster.Location)))
        {
            var source = (model.Name, model.Version);
            if (model.OldTypeName is null && shapes.TryGetValue(source, out var declared))
                ReportTaken(
                    report, model, location, $"is declared by '{Show(declared.TypeName)}', which the upcaster can take instead of JSON");
            else if (aliases.TryGetValue(source, out var aliased))
                ReportTaken(report, model, location, $"is an alias of '{Show(aliased)}'");
            else if (steps.TryGetValue(source, out var other))
                ReportTaken(report, model, location, $"by {other.Description}");
            else
                steps.Add(source, new Step($"'{Show(model.Method)}'", (model.NewName, model.NewVersion), location));
        }

        return steps;
    }

    private static void ReportTaken(Action<Diagnostic> report, UpcasterModel model, Location location, string other) =>
        report(Diagnostic.Create(Rules.DuplicateUpcaster, location, Text(model.Version), model.Name, Show(model.Method), other));

    /// <summary>Reports one upcaster of each circle, and takes it out.</summary>
    private static void ReportCircles(
        IEnumerable<Parsed<UpcasterModel>> own,
        Dictionary<(string Name, int Version), Step> steps,
        Dictionary<(string Name, int Version), (string TypeName, Location Location)> shapes,
        Action<Diagnostic> report)
    {
        foreach (var (model, location) in own.Select(static upcaster => (upcaster.Model!, upcaster.Location)))
        {
            var start = (model.Name, model.Version);
            if (!steps.TryGetValue(start, out var step) || step.Location != location || !ComesBack(steps, start))
                continue;

            report(Diagnostic.Create(Rules.UpcasterCycle, location, Show(model.Method), Text(model.Version), model.Name));
            steps.Remove(start);

            // Where the circle breaks is no gap of its own.
            shapes.Remove(start);
        }
    }

    private static bool ComesBack(Dictionary<(string Name, int Version), Step> steps, (string Name, int Version) start)
    {
        var current = start;
        for (var count = 0; count <= steps.Count && steps.TryGetValue(current, out var step); count++)
        {
            current = step.Target;
            if (current == start)
                return true;
        }

        return false;
    }

    /// <summary>
    /// If one old version of an event is upcast, all must be: the others would reach readers as types that they no longer look for. If no
    /// version is upcast, the event may be read as any of them.
    /// </summary>
    private static void ReportGaps(
        Dictionary<(string Name, int Version), Step> steps,
        Dictionary<(string Name, int Version), (string TypeName, Location Location)> shapes,
        Action<Diagnostic> report)
    {
        var concerned = new HashSet<string>(
            steps.Keys.Select(static source => source.Name).Concat(steps.Values.Select(static step => step.Target.Name)));
        foreach (var versions in shapes.Where(shape => concerned.Contains(shape.Key.Name)).GroupBy(
            static shape => shape.Key.Name, StringComparer.Ordinal))
        {
            var current = versions.Max(static shape => shape.Key.Version);
            foreach (var shape in versions.OrderBy(static shape => shape.Key.Version))
            {
                if (shape.Key.Version == current || steps.ContainsKey(shape.Key))
                    continue;

                // What stands in referenced assemblies alone was reported when they were compiled.
                Location[] places = [shape.Value.Location, shapes[(versions.Key, current)].Location, .. LocationsOf(versions.Key, steps)];
                if (places.FirstOrDefault(static place => place != Location.None) is not { } place)
                    continue;

                report(Diagnostic.Create(
                    Rules.UpcasterGap, place, Text(shape.Key.Version), shape.Key.Name, Text(current), Show(shape.Value.TypeName)));
            }
        }
    }

    private static IEnumerable<Location> LocationsOf(string name, Dictionary<(string Name, int Version), Step> steps) =>
        steps.Where(step => step.Key.Name == name || step.Value.Target.Name == name).Select(static step => step.Value.Location);

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static string Show(string name) => name.Replace("global::", "");

    private sealed record Step(string Description, (string Name, int Version) Target, Location Location);
}
