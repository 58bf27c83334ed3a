using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Projections;
using FluentEventStore.Sessions;

namespace FluentEventStore.Hosting;

/// <summary>One database of a store: puts together what its sessions use.</summary>
internal sealed class StoreDatabase : ITenantDatabase, IAsyncDisposable
{
    private readonly Settler _settler;
    private readonly Scrub _scrub;

    /// <param name="options">Everything but the connections.</param>
    /// <param name="primary">Leads to a server that writes.</param>
    /// <param name="queries">Leads to a server that may be behind; the same as <paramref name="primary"/> where none is asked for.</param>
    /// <param name="tenantId">The tenant whose database it is; <see langword="null"/> where all tenants share it.</param>
    public StoreDatabase(EventStoreOptions options, ConnectionSource primary, ConnectionSource queries, TenantId? tenantId = null)
    {
        var schema = new SqlIdentifier(options.Schema);
        var (time, waitClock) = (options.TimeProvider, options.WaitClock);
        var views = options.Projections.InlineSnapshots;
        var documents = TablesOf(options);
        Schema = WholeSchema.Of(primary, schema, documents, tenantId);

        var database = new Database(primary, Schema.AssertAsync) { CommandTimeout = options.CommandTimeout };
        var ordering = new OrderingChecks(primary, schema, Schema.AssertAsync);
        Keys = new SubjectKeyCache(options.Privacy.SubjectKeys ?? new SubjectKeysTable(database, schema, time), time);
        var personalData = new PersonalData(Keys);
        _settler = new Settler(new SettledQueries(database, schema), ordering, waitClock);
        var log = new LogReader(database, schema, _settler, personalData, options.PageBounds);
        Log = new EventLog(database, schema, log, _settler, ordering);
        Masking = new Masking(database, schema, log, personalData, new EventMask([.. options.Privacy.Masks], Keys), options.PageBounds);
        Transfer = new EventTransfer(database, schema, ordering, _settler, Keys, time, options.PageBounds, tenantId);
        _scrub = new Scrub(database, schema, options.Events.Retention, time);

        var append = new Append(schema);
        Context = new StoreContext(
            database,
            new EventStreamReader(database, schema, personalData, options.PageBounds),
            new StreamListReader(database, schema),
            log,
            ordering,
            new UnitWriter(append),
            new AppendLanes(database, append, new CombinedAppend(schema), options.Events.GroupCommit, waitClock),
            new RecordedUnit(database, schema),
            documents,
            new InlineSnapshots(database, schema, views, documents, personalData),
            personalData,
            time)
        {
            Settler = _settler,
            WaitClock = waitClock,
            Boundaries = new BoundaryReader(database, schema, personalData),
            SnapshotRules = options.Projections.LiveSnapshots.ToDictionary(),
            Snapshots = new Snapshots(database, schema),
            AllowsHardDelete = options.Events.AllowHardDelete,
        };
        QueryContext = Context;
        if (queries != primary)
        {
            // The log stays where it is: a page may come from another server, which lags behind the one that the settled position came from.
            var standby = new Database(queries, Schema.AssertAsync) { CommandTimeout = options.CommandTimeout };
            QueryContext = Context with
            {
                Database = standby,
                Streams = new EventStreamReader(standby, schema, personalData, options.PageBounds),
                StreamList = new StreamListReader(standby, schema),
                Snapshots = null,
                Views = new InlineSnapshots(standby, schema, views, documents, personalData),
            };
        }
    }

    public StoreSchema Schema { get; }

    public IEventLog Log { get; }

    /// <summary>The keys of personal data.</summary>
    public SubjectKeyCache Keys { get; }

    public Masking Masking { get; }

    public EventTransfer Transfer { get; }

    /// <summary>What sessions that write share.</summary>
    public StoreContext Context { get; }

    /// <summary>What sessions that only read share: on a standby where that is asked for.</summary>
    public StoreContext QueryContext { get; }

    /// <summary>The tables of documents that a store with these options has.</summary>
    public static DocumentTables TablesOf(EventStoreOptions options) =>
        new(new SqlIdentifier(options.Schema), [.. options.Projections.InlineSnapshots.Select(static view => view.Document!)]);

    public Task<ScrubReport> ScrubAsync(IProgress<ScrubReport>? progress = null, CancellationToken cancellationToken = default) =>
        _scrub.RunAsync(progress, cancellationToken);

    /// <summary>Ends those who follow the log.</summary>
    public ValueTask DisposeAsync() => _settler.DisposeAsync();
}
