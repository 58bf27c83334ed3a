using FluentEventStore;
using GitHistory.Git;
using GitHistory.History;

namespace GitHistory.Import;

/// <summary>What the store holds already: everything that an import needs to go on where another one ended, or was killed.</summary>
internal sealed class ImportState
{
    private readonly HashSet<Guid> _commits = [];

    public FileTree Files { get; } = new();

    /// <summary>How many events the store holds.</summary>
    public long EventCount { get; private set; }

    public int CommitCount => _commits.Count;

    /// <summary>The hash of the commit that was imported first; null in an empty store.</summary>
    public string? FirstCommit { get; private set; }

    /// <summary>The hash of the commit that was imported last. Its whole history was imported before it.</summary>
    public string? LastCommit { get; private set; }

    public static async Task<ImportState> ReadAsync(IEventStore store, CancellationToken cancellationToken)
    {
        var state = new ImportState();
        await using var session = store.OpenQuerySession();
        await foreach (var e in session.Events.ReadAllAsync(cancellationToken: cancellationToken))
            state.Apply(e);

        return state;
    }

    public bool Holds(GitCommit commit) => _commits.Contains(HistoryIds.Event(commit.Id, 0));

    /// <summary>Counts events that were saved after the state was read.</summary>
    public void Count(int events) => EventCount += events;

    private void Apply(IEvent e)
    {
        EventCount++;
        switch (e.Data)
        {
            case IFileEvent change:
                Files.Apply(Guid.Parse(e.StreamId.Value), change);
                break;

            case CommitAuthored authored:
                _commits.Add(e.Id);
                FirstCommit ??= authored.Commit;
                LastCommit = authored.Commit;
                break;
        }
    }
}
