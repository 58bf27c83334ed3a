using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Hosting;
using FluentEventStore.Postgres;
using FluentEventStore.Projections;
using FluentEventStore.Sessions;

namespace FluentEventStore;

/// <inheritdoc cref="IEventStore"/>
public sealed class EventStore : IEventStore
{
    private readonly StoreContext _context;
    private readonly StoreContext _queryContext;
    private readonly StoreConnections _connections;

    private EventStore(EventStoreOptions options)
    {
        var schema = new SqlIdentifier(options.Schema);
        _connections = new StoreConnections(options);
        var dataSource = _connections.Primary;
        var views = options.Projections.InlineSnapshots;
        var documents = new DocumentTables(schema, [.. views.Select(static view => view.Document!)]);
        Schema = WholeSchema.Of(dataSource, schema, documents);
        var database = new Database(dataSource, Schema.AssertAsync) { CommandTimeout = options.CommandTimeout };
        var ordering = new OrderingChecks(dataSource, schema, Schema.AssertAsync);
        Transfer = new EventTransfer(database, schema, ordering, options.TimeProvider);
        _context = new StoreContext(
            database,
            new EventStreamReader(database, schema),
            new LogReader(database, schema, ordering),
            ordering,
            new Append(schema),
            new RecordedUnit(database, schema),
            documents,
            new InlineSnapshots(database, schema, views, documents),
            options.TimeProvider);
        _queryContext = _context;
        if (_connections.Queries != dataSource)
        {
            var standby = new Database(_connections.Queries, Schema.AssertAsync) { CommandTimeout = options.CommandTimeout };
            _queryContext = _context with
            {
                Database = standby,
                Streams = new EventStreamReader(standby, schema),
                Views = new InlineSnapshots(standby, schema, views, documents),
            };
        }
    }

    /// <inheritdoc/>
    public StoreSchema Schema { get; }

    /// <inheritdoc/>
    public EventTransfer Transfer { get; }

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
    public IDocumentSession OpenSession(TenantId tenantId = default) => new DocumentSession(_context, tenantId);

    /// <inheritdoc/>
    public IDocumentSession OpenSession(SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new DocumentSession(_context, options.TenantId);
    }

    /// <inheritdoc/>
    public IQuerySession OpenQuerySession(TenantId tenantId = default) => new QuerySession(_queryContext, tenantId);

    /// <summary>Closes the connections that the store opened itself; a data source of the application stays open.</summary>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();
}
