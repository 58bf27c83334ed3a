using FluentEventStore;
using GitHistory.History;

namespace GitHistory.Report;

/// <summary>What the store says of the history it holds.</summary>
/// <param name="Commits">How many commits were imported.</param>
/// <param name="Events">How many events the store holds.</param>
/// <param name="Streams">How many streams the store holds.</param>
/// <param name="LinesAdded">By all commits.</param>
/// <param name="LinesRemoved">By all commits.</param>
/// <param name="Files">How many files are not deleted.</param>
/// <param name="MostChanged">The files that most commits touched, of those not deleted.</param>
/// <param name="Contributors">All authors, the most active first.</param>
internal sealed record HistorySummary(
    int Commits,
    long Events,
    long Streams,
    long LinesAdded,
    long LinesRemoved,
    int Files,
    IReadOnlyList<SourceFile> MostChanged,
    IReadOnlyList<Contributor> Contributors)
{
    private const int Top = 10;
    private const int IdsAtOnce = 1000;

    /// <summary>Reads the log once, then the documents of the files and authors that the summary names.</summary>
    public static async Task<HistorySummary> ReadAsync(IEventStore store, CancellationToken cancellationToken)
    {
        var (commits, events, streams, linesAdded, linesRemoved) = (0, 0L, 0L, 0L, 0L);
        var tree = new FileTree();
        var changes = new Dictionary<Guid, int>();
        var authors = new HashSet<Guid>();

        await using var session = store.OpenQuerySession();
        await foreach (var e in session.Events.ReadAllAsync(cancellationToken: cancellationToken))
        {
            var stream = Guid.Parse(e.StreamId.Value);
            events++;
            if (e.Version == 1)
                streams++;

            if (e.Data is CommitAuthored)
            {
                commits++;
                authors.Add(stream);
            }
            else if (e.Data is IFileEvent change)
            {
                linesAdded += change.LinesAdded;
                linesRemoved += change.LinesRemoved;
                changes[stream] = changes.GetValueOrDefault(stream) + 1;
                tree.Apply(stream, change);
            }
        }

        var mostChanged = tree.Live
            .OrderByDescending(file => changes[file.Key])
            .ThenBy(static file => file.Value, StringComparer.Ordinal)
            .Take(Top)
            .Select(static file => file.Key);
        var files = await session.LoadManyAsync<SourceFile>(mostChanged, cancellationToken);

        var contributors = new List<Contributor>(authors.Count);
        foreach (var ids in authors.Chunk(IdsAtOnce))
            contributors.AddRange(await session.LoadManyAsync<Contributor>(ids, cancellationToken));

        return new HistorySummary(
            commits,
            events,
            streams,
            linesAdded,
            linesRemoved,
            tree.Live.Count,
            files,
            [.. contributors.OrderByDescending(static one => one.Commits).ThenBy(static one => one.Email, StringComparer.Ordinal)]);
    }
}
