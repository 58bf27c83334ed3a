using GitHistory.History;

namespace FluentEventStore.PostgresTests.Samples.GitHistory;

/// <summary>Reads a store that the sample has written, as another program would.</summary>
internal sealed class ImportedStore(PostgresServer server, string schema) : IAsyncDisposable
{
    private readonly EventStore _store = EventStore.For(options =>
    {
        options.Connection(server.ConnectionString);
        options.Schema = schema;
        options.Projections.Snapshot<SourceFile>(ProjectionLifecycle.Inline);
        options.Projections.Snapshot<Contributor>(ProjectionLifecycle.Inline);
    });

    public async Task<IReadOnlyList<IEvent>> EventsAsync()
    {
        await using var session = _store.OpenQuerySession();
        return await session.Events.ReadAllAsync(cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    public async Task<IReadOnlyList<SourceFile>> FilesAsync()
    {
        var ids = (await EventsAsync()).Where(static e => e.Data is IFileEvent).Select(static e => Guid.Parse(e.StreamId.Value)).Distinct();
        await using var session = _store.OpenQuerySession();
        return await session.LoadManyAsync<SourceFile>(ids, TestContext.Current.CancellationToken);
    }

    public async Task<long> CountAsync() => (await EventsAsync()).Count;

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
