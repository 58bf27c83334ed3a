using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Projections;
using FluentEventStore.Sessions;

namespace FluentEventStore.Hosting;

/// <summary>One database of a store: puts together what its sessions use.</summary>
internal sealed class StoreDatabase : IAsyncDisposable
{
    private readonly StoreConnections _connections;
    private readonly Settler _settler;

    public StoreDatabase(EventStoreOptions options)
    {
        var schema = new SqlIdentifier(options.Schema);
        var time = options.TimeProvider;
        _connections = new StoreConnections(options);
        var dataSource = _connections.Primary;
        var views = options.Projections.InlineSnapshots;
        var documents = new DocumentTables(schema, [.. views.Select(static view => view.Document!)]);
        Schema = WholeSchema.Of(dataSource, schema, documents);

        var database = new Database(dataSource, Schema.AssertAsync) { CommandTimeout = options.CommandTimeout };
        var ordering = new OrderingChecks(dataSource, schema, Schema.AssertAsync);
        var keys = new SubjectKeyCache(options.Privacy.SubjectKeys ?? new SubjectKeysTable(database, schema, time), time);
        var personalData = new PersonalData(keys);
        _settler = new Settler(new SettledQueries(database, schema), ordering, time);
        var log = new LogReader(database, schema, _settler, personalData);
        Log = new EventLog(database, schema, log, _settler, ordering);
        Privacy = new StorePrivacy(keys, new Masking(database, schema, log, personalData, new EventMask([.. options.Privacy.Masks], keys)));
        Transfer = new EventTransfer(database, schema, ordering, _settler, time);
        Scrub = new Scrub(database, schema, options.Events.Retention, time);

        var append = new Append(schema);
        Context = new StoreContext(
            database,
            new EventStreamReader(database, schema, personalData),
            new StreamListReader(database, schema),
            log,
            ordering,
            append,
            new AppendLanes(database, append, new CombinedAppend(schema), options.Events.GroupCommit, time),
            new RecordedUnit(database, schema),
            documents,
            new InlineSnapshots(database, schema, views, documents, personalData),
            personalData,
            time)
        {
            Settler = _settler,
            Boundaries = new BoundaryReader(database, schema, personalData),
            SnapshotRules = options.Projections.LiveSnapshots.ToDictionary(),
            Snapshots = new Snapshots(database, schema),
            AllowsHardDelete = options.Events.AllowHardDelete,
        };
        QueryContext = Context;
        if (_connections.Queries != dataSource)
        {
            var standby = new Database(_connections.Queries, Schema.AssertAsync) { CommandTimeout = options.CommandTimeout };
            QueryContext = Context with
            {
                Database = standby,
                Streams = new EventStreamReader(standby, schema, personalData),
                StreamList = new StreamListReader(standby, schema),
                Snapshots = null,
                Views = new InlineSnapshots(standby, schema, views, documents, personalData),
            };
        }
    }

    public StoreSchema Schema { get; }

    public IEventLog Log { get; }

    public StorePrivacy Privacy { get; }

    public EventTransfer Transfer { get; }

    public Scrub Scrub { get; }

    /// <summary>What sessions that write share.</summary>
    public StoreContext Context { get; }

    /// <summary>What sessions that only read share: on a standby where that is asked for.</summary>
    public StoreContext QueryContext { get; }

    public async ValueTask DisposeAsync()
    {
        await _settler.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
    }
}
