using FluentEventStore;
using GitHistory.Git;
using GitHistory.History;

namespace GitHistory.Import;

/// <summary>Brings a store up to a repository's HEAD. Each commit is one unit of work: it is in the store whole, or not at all.</summary>
internal sealed class HistoryImport
{
    private readonly IEventStore _store;
    private readonly GitRepository _repository;
    private readonly string _head;
    private readonly ImportState _state;
    private readonly string? _known;

    private HistoryImport(IEventStore store, GitRepository repository, string head, ImportState state, string? known, int total, int unseen)
    {
        _store = store;
        _repository = repository;
        _head = head;
        _state = state;
        _known = known;
        TotalCommits = total;
        UnseenCommits = unseen;
    }

    /// <summary>How many commits HEAD's history has.</summary>
    public int TotalCommits { get; }

    /// <summary>How many of them git is asked for. After a run that was killed, some of them are in the store already.</summary>
    public int UnseenCommits { get; }

    /// <summary>How many commits this run has written.</summary>
    public int NewCommits { get; private set; }

    /// <summary>How many events this run has written.</summary>
    public int NewEvents { get; private set; }

    /// <summary>Compares store and repository. Writes nothing.</summary>
    /// <exception cref="GitException">
    /// The store holds the history of another repository, or the repository now shows more of the same.
    /// </exception>
    public static async Task<HistoryImport> PrepareAsync(
        IEventStore store, GitRepository repository, string head, CancellationToken cancellationToken)
    {
        var state = await ImportState.ReadAsync(store, cancellationToken);
        if (state.FirstCommit is not null && !await repository.HasCommitAsync(state.FirstCommit, cancellationToken))
            throw new GitException(
                $"The schema holds the history of another repository: {repository.Path} does not know its first commit {state.FirstCommit[
                    ..12]}. Choose another --schema.");

        // A commit can vanish when its branch is rewritten. Then git shows everything, and what the store holds is skipped one by one.
        var known = state.LastCommit is not null && await repository.HasCommitAsync(state.LastCommit, cancellationToken)
            ? state.LastCommit
            : null;
        if (known is not null && await repository.CountCommitsAsync([known], cancellationToken) > state.CommitCount)
            throw new GitException(
                $"{repository.Path} now shows commits older than those it was imported from, as a shallow clone that was deepened does. "
                    + "Choose another --schema.");

        var total = await repository.CountCommitsAsync([head], cancellationToken);
        var unseen = known is null ? total : await repository.CountCommitsAsync([head, $"^{known}"], cancellationToken);
        return new HistoryImport(store, repository, head, state, known, total, unseen);
    }

    /// <summary>Imports what is new.</summary>
    /// <param name="progress">Is told of each commit that is done.</param>
    /// <param name="cancellationToken">Stops between two units of work. The next run goes on there.</param>
    public async Task RunAsync(Action progress, CancellationToken cancellationToken)
    {
        await foreach (var commit in _repository.ReadHistoryAsync(_head, _known, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_state.Holds(commit))
                await SaveAsync(commit);

            progress();
        }

        cancellationToken.ThrowIfCancellationRequested();
        await ReconcileAsync(cancellationToken);
    }

    private async Task SaveAsync(GitCommit commit)
    {
        await using var session = _store.OpenSession();
        session.Events
            .Append(HistoryIds.Author(commit.AuthorEmail), CommitTranslation.Authored(commit))
            .WithEventId(HistoryIds.Event(commit.Id, 0));

        var ordinal = 0;
        foreach (var (file, e) in CommitTranslation.Files(commit, _state.Files))
            session.Events.Append(file, e).WithEventId(HistoryIds.Event(commit.Id, ++ordinal));

        await SaveAsync(session, events: ordinal + 1);
        NewCommits++;
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var head = await _repository.ReadCommitAsync(_head, cancellationToken);
        var differences = await TreeReconciliation.CompareAsync(_repository, head, _state.Files, cancellationToken);
        if (differences.Count == 0)
            return;

        // HEAD may have been reconciled before, and left, and come back. Counting on from all events gives numbers that none of its events
        // has.
        var ordinal = _state.EventCount;
        await using var session = _store.OpenSession();
        foreach (var (file, e) in differences)
            session.Events.Append(file, e).WithEventId(HistoryIds.Event(head.Id, ordinal++));

        await SaveAsync(session, differences.Count);
    }

    // A unit is written in any case once it is sent, so it is waited for.
    private async Task SaveAsync(IDocumentSession session, int events)
    {
        await session.SaveChangesAsync(CancellationToken.None);
        _state.Count(events);
        NewEvents += events;
    }
}
