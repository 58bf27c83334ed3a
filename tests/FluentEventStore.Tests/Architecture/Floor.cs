namespace FluentEventStore.Tests.Architecture;

/// <summary>A folder with sub-folders: its rooms are these and its own files.</summary>
/// <param name="path">The path of the folder below that of the project; empty for the latter.</param>
internal sealed class Floor(string path)
{
    /// <summary>The room of the files that stand in the folder itself.</summary>
    public const string Own = ".";

    public string Path => path;

    /// <summary>The folders of a project that have sub-folders.</summary>
    public static IEnumerable<Floor> Of(IEnumerable<string> files) => files
        .SelectMany(static file => file.Split('/')[..^1].Select((_, depth) => string.Join('/', file.Split('/')[..depth])))
        .Distinct()
        .Order(StringComparer.Ordinal)
        .Select(static path => new Floor(path));

    /// <summary>The room of a file; <see langword="null"/> if it stands elsewhere.</summary>
    public string? RoomOf(string file)
    {
        if (path.Length > 0 && !file.StartsWith(path + "/", StringComparison.Ordinal))
            return null;

        var rest = path.Length == 0 ? file : file[(path.Length + 1)..];
        return rest.Contains('/', StringComparison.Ordinal) ? rest[..rest.IndexOf('/', StringComparison.Ordinal)] : Own;
    }

    public IReadOnlyList<string> RoomsOf(IEnumerable<string> files) =>
        [.. files.Select(RoomOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The uses of one room by another.</summary>
    public IEnumerable<(string From, string To, TypeUse Use)> Between(IEnumerable<TypeUse> uses) =>
        from use in uses
        let rooms = (From: RoomOf(use.UserFile), To: RoomOf(use.UsedFile))
        where rooms.From is not null && rooms.To is not null && rooms.From != rooms.To
        select (rooms.From, rooms.To, use);

    /// <summary>The rings among the rooms, each with a use for every step in it.</summary>
    public IEnumerable<string> FindRings(IEnumerable<TypeUse> uses)
    {
        var steps = Between(uses).ToLookup(static step => step.From);
        HashSet<string> told = [];
        foreach (var start in steps.Select(static room => room.Key).Order(StringComparer.Ordinal))
        {
            if (!told.Contains(start) && FindWayBack(steps, start) is { } ring)
            {
                told.UnionWith(ring.Select(static step => step.From));
                yield return $"{(path.Length == 0 ? "The project" : path)} has a ring: {string.Join(
                    "; ", ring.Select(static step => step.Use))}";
            }
        }
    }

    // The shortest, by breadth first.
    private static List<(string From, string To, TypeUse Use)>? FindWayBack(
        ILookup<string, (string From, string To, TypeUse Use)> steps, string start)
    {
        var ways = new Queue<List<(string From, string To, TypeUse Use)>>([[]]);
        HashSet<string> seen = [];
        while (ways.TryDequeue(out var way))
        {
            foreach (var step in steps[way.Count == 0 ? start : way[^1].To])
            {
                if (step.To == start)
                    return [.. way, step];

                if (seen.Add(step.To))
                    ways.Enqueue([.. way, step]);
            }
        }

        return null;
    }
}
