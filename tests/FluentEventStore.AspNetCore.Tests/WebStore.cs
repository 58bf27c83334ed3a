namespace FluentEventStore.AspNetCore.Tests;

/// <summary>The store of a test class, beside the applications that the tests start: each test works on streams of its own.</summary>
public class WebStore(PostgresServer server) : IAsyncLifetime
{
    private EventStore? _store;

    public string Schema { get; } = $"t_{Guid.NewGuid():N}"[..18];

    public virtual string ConnectionString => server.ConnectionString;

    public EventStore Store => _store ?? throw new InvalidOperationException("The store is not set up.");

    public async ValueTask InitializeAsync()
    {
        _store = EventStore.For(options =>
        {
            options.Connection(ConnectionString);
            options.Schema = Schema;
            Configure(options);
        });
        await server.ApplyAsync(_store.Schema);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store is not null)
            await _store.DisposeAsync();

        await server.DropSchemaAsync(Schema);
    }

    public async Task<IReadOnlyList<IEvent>> FetchAsync(StreamId streamId) => await FetchAsync(streamId, TenantId.Default);

    public async Task<IReadOnlyList<IEvent>> FetchAsync(StreamId streamId, TenantId tenantId)
    {
        await using var session = Store.OpenQuerySession(tenantId);
        return await session.Events.FetchStreamAsync(streamId, TestContext.Current.CancellationToken);
    }

    public async Task AppendAsync(StreamId streamId, params object[] events)
    {
        await using var session = Store.OpenSession();
        session.Events.Append(streamId, events);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    protected virtual void Configure(EventStoreOptions options)
    {
    }
}
