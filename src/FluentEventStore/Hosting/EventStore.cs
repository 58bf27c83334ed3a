using System.Data.Common;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Hosting;
using FluentEventStore.Postgres;
using FluentEventStore.Projections;
using FluentEventStore.Sessions;
using Npgsql;

namespace FluentEventStore;

/// <inheritdoc cref="IEventStore"/>
public sealed class EventStore : IEventStore
{
    private readonly StoreContext _context;
    private readonly Settler _settler;
    private readonly NpgsqlDataSource? _ownDataSource;

    private EventStore(EventStoreOptions options)
    {
        var schema = new SqlIdentifier(options.Schema);
        var dataSource = options.UserDataSource ?? (_ownDataSource = CreateDataSource(options));
        var views = options.Projections.InlineSnapshots;
        var documents = new DocumentTables(schema, [.. views.Select(static view => view.Document!)]);
        Schema = WholeSchema.Of(dataSource, schema, documents);
        var database = new Database(dataSource, Schema.AssertAsync);
        var ordering = new OrderingChecks(dataSource, schema, Schema.AssertAsync);
        _settler = new Settler(new SettledQueries(database, schema), ordering, options.TimeProvider);
        var log = new LogReader(database, schema, _settler);
        Log = new EventLog(database, schema, log, _settler, ordering);
        _context = new StoreContext(
            database,
            new EventStreamReader(database, schema),
            new StreamListReader(database, schema),
            log,
            ordering,
            _settler,
            new Append(schema),
            new RecordedUnit(database, schema),
            documents,
            new InlineSnapshots(database, schema, views, documents),
            options.TimeProvider);
    }

    /// <inheritdoc/>
    public StoreSchema Schema { get; }

    /// <inheritdoc/>
    public IEventLog Log { get; }

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
    public IQuerySession OpenQuerySession(TenantId tenantId = default) => new QuerySession(_context, tenantId);

    /// <summary>Ends those who follow the log, and closes the connections that the store opened itself; a data source of the application stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _settler.DisposeAsync().ConfigureAwait(false);
        if (_ownDataSource is not null)
            await _ownDataSource.DisposeAsync().ConfigureAwait(false);
    }

    private static NpgsqlDataSource CreateDataSource(EventStoreOptions options)
    {
        if (options.ConnectionString is null)
            throw new ArgumentException("A store needs a connection: call options.Connection(text) or options.DataSource(dataSource).", nameof(options));

        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        if (!SetsAutoPrepare(options.ConnectionString))
        {
            connection.MaxAutoPrepare = 100;
            connection.AutoPrepareMinUsages = 2;
        }

        // The store leaves nothing behind in a session that the next user of the connection would have to be guarded from.
        connection.NoResetOnClose = true;
        return NpgsqlDataSource.Create(connection);
    }

    // Whoever writes Max Auto Prepare=0 means it: behind a pooler that shares connections among transactions, say.
    private static bool SetsAutoPrepare(string connectionString) => new DbConnectionStringBuilder { ConnectionString = connectionString }
        .Keys
        .Cast<string>()
        .Any(static key => key.Replace(" ", "", StringComparison.Ordinal).Equals("MaxAutoPrepare", StringComparison.OrdinalIgnoreCase));
}
