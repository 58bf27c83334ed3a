using FluentEventStore.Aggregates;
using FluentEventStore.Hosting;
using FluentEventStore.Sessions;

namespace FluentEventStore;

/// <inheritdoc cref="IEventStore"/>
public sealed class EventStore : IEventStore
{
    private readonly StoreDatabase _database;

    private EventStore(EventStoreOptions options) => _database = new StoreDatabase(options);

    /// <inheritdoc/>
    public StoreSchema Schema => _database.Schema;

    /// <inheritdoc/>
    public IEventLog Log => _database.Log;

    /// <inheritdoc/>
    public StorePrivacy Privacy => _database.Privacy;

    /// <inheritdoc/>
    public EventTransfer Transfer => _database.Transfer;

    /// <summary>Makes a store. Nothing is connected yet.</summary>
    /// <param name="configure">Sets the options; a connection must be given.</param>
    /// <exception cref="ArgumentException">No connection is given, or an option is wrong.</exception>
    public static EventStore For(Action<EventStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new EventStoreOptions();
        configure(options);
        return new EventStore(options);
    }

    /// <inheritdoc/>
    public IDocumentSession OpenSession(TenantId tenantId = default) => OpenSession(new SessionOptions { TenantId = tenantId });

    /// <inheritdoc/>
    public IDocumentSession OpenSession(SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new DocumentSession(_database.Context, options);
    }

    /// <inheritdoc/>
    public IQuerySession OpenQuerySession(TenantId tenantId = default) => new QuerySession(_database.QueryContext, tenantId);

    /// <inheritdoc/>
    public Task<ScrubReport> ScrubAsync(IProgress<ScrubReport>? progress = null, CancellationToken cancellationToken = default) =>
        _database.Scrub.RunAsync(progress, cancellationToken);

    /// <inheritdoc/>
    public Task<long> DeleteSnapshotsAsync<T>(CancellationToken cancellationToken = default)
        where T : class =>
        AggregateCatalog.TryGet<T>(out var type)
            ? _database.Context.Snapshots!.DeleteAsync(type.Name, cancellationToken)
            : throw new ArgumentException($"{typeof(T)} is no aggregate: it is not marked with [Aggregate].");

    /// <summary>Ends those who follow the log, and closes the connections that the store opened itself; a data source of the application stays open.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
