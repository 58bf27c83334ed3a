using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Messages;
using FluentEventStore.Outbox;
using FluentEventStore.Postgres;
using FluentEventStore.Projections;
using FluentEventStore.Schema;
using FluentEventStore.Sessions;
using FluentEventStore.Subscriptions;
using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.Store;

/// <summary>One database of a store: puts together what its sessions use.</summary>
internal sealed partial class StoreDatabase : ITenantDatabase, IAsyncDisposable
{
    private readonly ConnectionSource _primary;
    private readonly ConnectionSource _queries;
    private readonly OrderingChecks _ordering;
    private readonly Settler _settler;
    private readonly StoreTelemetry _telemetry;
    private readonly Scrub _scrub;
    private readonly Snapshots _snapshots;
    private readonly SnapshotFilling _filling;
    private readonly KeyFilling _keyFilling;
    private readonly Seeding _seeding;
    private readonly Func<NpgsqlTransaction, StoreContext> _join;

    /// <param name="options">Everything but the connections.</param>
    /// <param name="primary">Leads to a server that writes.</param>
    /// <param name="queries">Leads to a server that may be behind; the same as <paramref name="primary"/> if none is asked for.</param>
    /// <param name="tenantId">The tenant whose database it is; <see langword="null"/> if all tenants share it.</param>
    public StoreDatabase(EventStoreOptions options, ConnectionSource primary, ConnectionSource queries, TenantId? tenantId = null)
    {
        (_primary, _queries) = (primary, queries);
        var schema = new SqlIdentifier(options.Schema);
        var (time, waitClock) = (options.TimeProvider, options.WaitClock);
        var documents = TablesOf(options);
        DeclaredProjection[] carried =
            [.. options.Projections.Declared.Where(static one => one.Lifecycle == ProjectionLifecycle.Async)];
        _telemetry = new StoreTelemetry(options.Schema, options.LoggerFactory) { Address = () => primary.Address };
        Schema = WholeSchema.Of(primary, schema, documents, _telemetry, options.Startup.SchemaPatience, tenantId);
        Owner = tenantId;
        _seeding = new Seeding(primary, schema, options.Startup.SchemaPatience);

        var database = new Database(primary, Schema.AssertAsync) { CommandTimeout = options.CommandTimeout, Telemetry = _telemetry };
        _ordering = new OrderingChecks(database, schema);
        Keys = new SubjectKeyCache(options.Privacy.SubjectKeys ?? new SubjectKeysTable(database, schema, time), waitClock);
        var personalData = new PersonalData(Keys);
        var channel = options.Events.Notifications ? new NotificationChannel(primary, new SqlIdentifier($"fes_{schema.Name}")) : null;
        _settler = new Settler(new SettledQueries(database, schema), _ordering, waitClock, channel);
        var log = new LogReader(database, schema, _settler, personalData, options.PageBounds);
        Log = new EventLog(database, schema, log, _settler, _ordering);
        var hold = SnapshotHold.Over(schema);
        Masking = new Masking(database, schema, log, new EventMask([.. options.Privacy.Masks], Keys), options.PageBounds, hold);
        Transfer = new EventTransfer(
            database,
            schema,
            _ordering,
            _settler,
            Keys,
            NaturalKeys.Instance,
            time,
            options.PageBounds,
            tenantId,
            options.Events.MaxBytesOfEvent,
            [.. options.Projections.Declared
                .Where(static one => one.Lifecycle == ProjectionLifecycle.Inline && one.Slots > 1)
                .Select(static one => one.Name)],
            hold);
        _scrub = new Scrub(database, schema, options.Events.Retention, time, hold);

        var statements = new UnitStatements(schema);
        var kept = Kept(database);
        var lanes = new AppendLanes(new LaneWriter(database, schema, statements), options.Events.GroupCommit, waitClock);
        var writing = new StoreWriting(
            database,
            _ordering,
            new UnitWriter(new UnitStages(statements, new MessageWriter(schema), hold)),
            new RecordedUnit(database, schema),
            Inline(kept),
            personalData,
            new UnitLines(lanes, waitClock))
        {
            Options = options.Events,
            Settler = _settler,
            Messages = new MessageSignal(),
            MaxBytesOfMessage = options.Messages.MaxBytesOfMessage,
            TimeProvider = time,
            WaitClock = waitClock,
        };
        _snapshots = new Snapshots(database, schema);
        Context = new StoreContext(Reading(database, kept) with { Snapshots = _snapshots }, writing);
        _filling = new SnapshotFilling(writing, schema, documents);
        _keyFilling = new KeyFilling(writing, Context.Reading, schema);
        var same = new SameDatabase(primary);
        _join = transaction => Join(
            new JoinedTransaction(transaction, same, primary, Schema.AssertAsync)
            {
                CommandTimeout = options.CommandTimeout,
                Telemetry = _telemetry,
            });
        Queries = Context.Reading;
        if (queries != primary)
        {
            var standby = new Database(queries, Schema.AssertAsync)
            {
                CommandTimeout = options.CommandTimeout,
                Telemetry = new StoreTelemetry(options.Schema, options.LoggerFactory) { Address = () => queries.Address },
            };
            Queries = Reading(standby, Kept(standby));
        }

        var builds = new ProjectionBuilds(database, schema, _settler, carried);
        Messages = new DatabaseMessages(options.Messages, database, schema, Context, time, waitClock);
        Subscriptions = new DatabaseSubscriptions(
            options.Subscriptions,
            database,
            schema,
            _settler,
            new LogFeed(log.With(options.PageBounds with { LogEvents = options.PageBounds.FeedEvents }), waitClock),
            new StreamFeed(database, schema, personalData, options.PageBounds),
            OpenPage,
            builds,
            (projection, token) => Rebuilds!.RunAsync(projection, token),
            time,
            waitClock)
        {
            Beside = Messages.Build,
        };
        Rebuilds = new StoreProjections(
            database, schema, _settler, builds, carried, Subscriptions.Controls.StatusAsync, waitClock);

        _telemetry.Open(() => lanes.Load, () => _settler.Lag);

        KeptSnapshots Kept(Database other) => new(
            other, schema, options.Projections.Snapshots.Select(static one => one.Aggregate), documents, personalData);

        InlineProjections Inline(KeptSnapshots kept) => new(
            new InlineSnapshots(
                kept,
                [.. options.Projections.Snapshots
                    .Where(static one => one.Lifecycle == ProjectionLifecycle.Inline)
                    .Select(static one => one.Aggregate)]),
            new InlineViews(
                schema, [.. options.Projections.Views.Where(static one => one.Lifecycle == ProjectionLifecycle.Inline)], documents),
            new InlineOperations(
                schema, [.. options.Projections.Operations.Where(static one => one.Lifecycle == ProjectionLifecycle.Inline)], documents));

        // The log still reads from the primary, on connections of its own: otherwise a page could come from a server that lags behind the
        // one of the settled position, or hold what is not committed. So do the keys of personal data, which others use too. No snapshot is
        // kept: its state may not be everybody's.
        StoreReading Reading(Database other, KeptSnapshots keptSnapshots) => new(
            other,
            documents,
            new EventStreamReader(other, schema, personalData, options.PageBounds),
            new StreamListReader(other, schema),
            log,
            new BoundaryReader(other, schema, personalData),
            keptSnapshots)
        {
            Reservations = new ReservationReader(other, schema),
            SnapshotRules = options.Projections.LiveSnapshots.ToDictionary(),
            ExplainView = carried.Length == 0 ? null : (table, failure, token) => Rebuilds!.ExplainAsync(table, failure, token),
        };

        // What the handlers of subscriptions read is noticed; they write as all others do.
        StoreContext OpenPage(Action notice)
        {
            var noticed = new Database(primary, Schema.AssertAsync)
            {
                Noticed = notice,
                CommandTimeout = options.CommandTimeout,
                Telemetry = _telemetry,
            };
            return new StoreContext(Reading(noticed, Kept(noticed)) with { Snapshots = _snapshots }, writing);
        }

        StoreContext Join(JoinedTransaction joined)
        {
            var own = Kept(joined);
            return new StoreContext(
                Reading(joined, own),
                writing with
                {
                    Database = joined,
                    RecordedUnits = new RecordedUnit(joined, schema),
                    Projection = Inline(own),
                    IsJoined = true,
                });
        }
    }

    public StoreSchema Schema { get; }

    IStoreSchema ITenantDatabase.Schema => Schema;

    public IEventLog Log { get; }

    /// <summary>The tenant whose database it is; <see langword="null"/> if all tenants share one.</summary>
    public TenantId? Owner { get; }

    /// <summary>The keys of personal data.</summary>
    public SubjectKeyCache Keys { get; }

    public Masking Masking { get; }

    public IEventTransfer Transfer { get; }

    private StoreProjections Rebuilds { get; }

    public IStoreProjections Projections => Rebuilds;

    IStoreSubscriptions ITenantDatabase.Subscriptions => Subscriptions.Controls;

    public DatabaseSubscriptions Subscriptions { get; }

    IStoreMessages ITenantDatabase.Messages => Messages.Controls;

    public DatabaseMessages Messages { get; }

    /// <summary>What sessions that write share.</summary>
    public StoreContext Context { get; }

    /// <summary>Whether a connection listens to other processes.</summary>
    public bool IsListening => _settler.IsListening;

    /// <summary>Asks the server for an answer.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => Context.Reading.Database.PingAsync(cancellationToken);

    /// <summary>What a session with these options works with.</summary>
    /// <exception cref="InvalidOperationException">Its transaction has ended.</exception>
    public StoreContext ContextFor(SessionOptions options)
    {
        if (options.Transaction is not { } transaction)
            return Context;

        _ = transaction.IsolationLevel;
        return _join(transaction);
    }

    /// <summary>What sessions that only read share: on a standby if that is asked for.</summary>
    public StoreReading Queries { get; }

    /// <summary>The tables of documents that a store with these options has.</summary>
    public static DocumentTables TablesOf(EventStoreOptions options) =>
        new(
            new SqlIdentifier(options.Schema),
            options.Projections.Derived,
            new StreamRows(EventTables.Streams, $"(s.state = {StreamStates.Active} and not s.linked)"));

    /// <summary>Ends the followers of the log, and refuses later ones.</summary>
    public async ValueTask DisposeAsync()
    {
        await Subscriptions.DisposeAsync().ConfigureAwait(false);
        _telemetry.Dispose();
        _primary.Close();
        _queries.Close();
        await _settler.DisposeAsync().ConfigureAwait(false);
        await _ordering.DisposeAsync().ConfigureAwait(false);
    }
}
