using System.Text.RegularExpressions;

namespace FluentEventStore.Tests.Architecture;

/// <summary>
/// Which room may use which: the tables of docs/explanation/architecture.md. Each stands below a heading that names its folder.
/// </summary>
internal sealed partial class Layers
{
    private readonly Dictionary<string, Dictionary<string, string[]>> _tables = new(StringComparer.Ordinal);

    private Layers(string page)
    {
        var table = default(Dictionary<string, string[]>);
        foreach (var line in page.Split('\n'))
        {
            if (line.StartsWith('#'))
                table = Heading().Match(line) is { Success: true } heading
                    ? _tables[heading.Groups[1].Value] = new(StringComparer.Ordinal)
                    : null;
            else if (table is not null && Row().Match(line) is { Success: true } row && row.Groups[2].Value != "may use")
                table.Add(row.Groups[1].Value, Allowed(row.Groups[2].Value, table.Keys));
        }
    }

    public static Layers OfArchitecture { get; } = new(Repository.Read("docs/explanation/architecture.md"));

    public static Layers Of(string page) => new(page);

    /// <summary>What is wrong between the rooms of a folder and its table.</summary>
    public IEnumerable<string> Judge(string project, Floor floor, Sources sources)
    {
        var folder = floor.Path.Length == 0 ? project : $"{project}/{floor.Path}";
        if (!_tables.TryGetValue(folder, out var table))
            return [$"{folder} has no table"];

        var rooms = floor.RoomsOf(sources.Files.Values);
        return
        [
            .. rooms.Except(table.Keys).Select(room => $"{folder}: the table has no row for {room}"),
            .. table.Keys.Except(rooms).Select(room => $"{folder}: there is no {room}, which the table has a row for"),
            .. table.Values.SelectMany(static allowed => allowed)
                .Distinct()
                .Except(rooms)
                .Select(room => $"{folder}: there is no {room}, which a row of the table allows"),
            .. floor.Between(sources.Uses)
                .Where(step => !table.GetValueOrDefault(step.From, []).Contains(step.To))
                .Select(static step => step.Use.ToString())
                .Distinct(),
        ];
    }

    private static string[] Allowed(string cell, IEnumerable<string> above) =>
        [.. cell.Split(", ").SelectMany(
            part => part == "all above" ? above : part == "nothing" ? [] : [Room().Match(part).Groups[1].Value])];

    [GeneratedRegex("^#+ .*`((?:src|generators)/[^`]+)`")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\| `?([\w.]+)`? \|.*\| ([^|]+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"^`?([\w.]+)`?$")]
    private static partial Regex Room();
}
