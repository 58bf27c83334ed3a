using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

internal sealed class LifeCycleChecks(EventStore store)
{
    private readonly string _run = Guid.NewGuid().ToString("N");

    public async Task ArchiveAsync()
    {
        await SaveAsync(events => events.Append(_run, new AccountOpened("Ada", Currency.Euro), new AccountClosed()));
        await SaveAsync(events => events.ArchiveStream(_run));
        var refused = await ThrowsAsync<StreamArchivedException>(() => SaveAsync(events => events.Append(_run, new AccountClosed())));
        Equal(_run, refused.StreamId.Value);
        await SaveAsync(events => events.UnarchiveStream(_run));
        await SaveAsync(events => events.TruncateStream(_run, 2));
        Equal(1L, (await store.ScrubAsync()).Events);
        Equal(2L, (await FetchAsync(_run)).Single().Version);
    }

    public async Task LinkAsync()
    {
        await SaveAsync(events => events.Append(_run + "-a", new AccountOpened("Ada", Currency.Euro)));
        var linked = await FetchAsync(_run + "-a");
        await SaveAsync(events => events.LinkTo(_run + "-index", linked));
        Equal(1L, (await FetchAsync(_run + "-index")).Single().Link!.Version);
    }

    public async Task DecideAsync()
    {
        await using var one = store.OpenSession();
        await using var other = store.OpenSession();
        var boundaries = new List<(IDocumentSession Session, IEventBoundary<Seats> Boundary)>();
        foreach (var session in new[] { one, other })
        {
            var boundary = await session.Events.FetchForWritingAsync<Seats>(TagQuery.Tagged("show", _run));
            boundary.Append($"{_run}-{boundaries.Count}", new SeatTaken(_run, boundaries.Count));
            boundaries.Add((session, boundary));
        }

        await one.SaveChangesAsync();
        Equal($"show:{_run}", (await ThrowsAsync<BoundaryConflictException>(() => other.SaveChangesAsync())).Query);
        Equal(1, (await one.Events.FetchForWritingAsync<Seats>(TagQuery.Tagged("show", _run))).Aggregate!.Taken);
    }

    public async Task SaveTogetherAsync()
    {
        var commits = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => SaveAsync(events => events.Append(_run + "-many", new AccountClosed()))));
        EqualItems(
            Enumerable.Range(1, 50).Select(static version => (long)version),
            commits.Select(commit => commit.Streams[_run + "-many"].Version).Order());
    }

    private async Task<Commit> SaveAsync(Action<IEventOperations> work)
    {
        await using var session = store.OpenSession();
        work(session.Events);
        return await session.SaveChangesAsync();
    }

    private async Task<IReadOnlyList<IEvent>> FetchAsync(string streamId)
    {
        await using var session = store.OpenQuerySession();
        return await session.Events.FetchStreamAsync(streamId);
    }
}
