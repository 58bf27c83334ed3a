using System.Globalization;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;

namespace FluentEventStore.Subscriptions;

/// <summary>Puts together what subscriptions of one database are carried and controlled with.</summary>
internal sealed class DatabaseSubscriptions : IAsyncDisposable
{
    private readonly DeclaredSubscriptions _options;
    private readonly Database _database;
    private readonly SqlIdentifier _schema;
    private readonly Settler _settler;
    private readonly PositionLookup _positions;
    private readonly StatusReader _status;
    private readonly PulledSubscriptions _pulled;
    private readonly LogFeed _feed;
    private readonly StreamFeed _streams;
    private readonly CheckpointFlush _flush;
    private readonly Outages _outages;
    private readonly Looks _looks;
    private readonly LagWatch _lags;
    private readonly Lock _gate = new();
    private readonly HashSet<DatabaseDaemon> _running = [];
    private readonly List<IDaemonPart> _parts = [];
    private readonly Func<Action, StoreContext> _openPage;
    private readonly IProjectionBuilds _projections;
    private readonly Func<string, CancellationToken, Task> _rebuild;
    private readonly TimeProvider _time;
    private readonly TimeProvider _waitClock;

    public DatabaseSubscriptions(
        DeclaredSubscriptions options,
        Database database,
        SqlIdentifier schema,
        Settler settler,
        LogFeed feed,
        StreamFeed streams,
        Func<Action, StoreContext> openPage,
        IProjectionBuilds projections,
        Func<string, CancellationToken, Task> rebuild,
        TimeProvider time,
        TimeProvider waitClock)
    {
        (_options, _database, _schema, _settler, _openPage) = (options, database, schema, settler, openPage);
        (_feed, _streams, _projections, _rebuild) = (feed, streams, projections, rebuild);
        (_time, _waitClock) = (time, waitClock);
        _flush = new CheckpointFlush(database, schema, waitClock);
        _outages = new Outages(database.Telemetry, waitClock);
        _looks = new Looks(database, schema, options.Lease);
        _positions = new PositionLookup(database, schema, settler);
        _status = new StatusReader(database, schema, settler);
        _lags = new LagWatch(
            _status,
            database.Telemetry,
            options.Lease,
            waitClock,
            name => options.All.Any(one => one.Build is not null && one.Name == name));
        _pulled = new PulledSubscriptions(options, NewPlace, new SubscriptionRows(database, schema), _positions, _status, _lags);
        Controls = new StoreSubscriptions(
            _status,
            new RangeControls(database, schema),
            new ParkedControls(database, schema),
            _positions,
            new LookWatch(database, schema, options.Lease, waitClock),
            options.Lease,
            waitClock,
            _pulled,
            name => options.All.Any(one => one.Build is { } build && (build.Subscription == name || build.Projection == name)));
    }

    /// <summary>Makes what a daemon carries beside subscriptions; <see langword="null"/> where that is nothing.</summary>
    public Func<DaemonMode, bool, IDaemonPart?> Beside { get; init; } = static (_, _) => null;

    public StoreSubscriptions Controls { get; }

    /// <summary>
    /// The names of the subscriptions that this process should see go on: the declared ones, and the pulled ones that it has opened.
    /// </summary>
    public async Task<IReadOnlyCollection<string>> ExpectedAsync(CancellationToken cancellationToken) =>
    [
        .. _options.All.Where(static declared => declared.Build is null).Select(static declared => declared.Name),
        .. await ProjectionsAsync(cancellationToken).ConfigureAwait(false),
        .. _pulled.NamesOfStored,
    ];

    /// <summary>The names of those that keep what sessions of this process read of projections.</summary>
    public async Task<IReadOnlyCollection<string>> ProjectionsAsync(CancellationToken cancellationToken) =>
        _options.All.Any(static declared => declared.Build is not null)
            ? [.. (await _projections.ServingAsync(cancellationToken).ConfigureAwait(false)).Select(static build => build.Subscription)]
            : [];

    /// <summary>The names of subscriptions, which may be those of projections.</summary>
    public async Task<IReadOnlyCollection<string>> ResolveAsync(
        IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        if (!_options.All.Any(declared => declared.Build is { } build && names.Contains(build.Projection)))
            return names;

        var serving = await _projections.ServingAsync(cancellationToken).ConfigureAwait(false);
        return [.. names.Select(name => serving.FirstOrDefault(build => build.Projection == name)?.Subscription ?? name)];
    }

    /// <param name="mode">How it shares the work.</param>
    /// <param name="isOneOfMany">Whether the database is that of one tenant of many.</param>
    public Daemon BuildDaemon(DaemonMode mode, bool isOneOfMany = false) =>
        Enum.IsDefined(mode)
            ? NewDaemon(mode, isOneOfMany)
            : throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");

    /// <summary>Waits until subscriptions have handled what a commit wrote.</summary>
    public async Task WaitForAsync(
        Commit commit, TimeSpan timeout, IReadOnlyCollection<string> subscriptions, CancellationToken cancellationToken)
    {
        if (timeout != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);

        if (commit.Position > 0)
            await Wait(Moved)
                .RunAsync(
                    subscriptions,
                    commit.Position,
                    [.. commit.Streams.Keys.Select(static stream => stream.Value)],
                    commit.TenantId,
                    timeout,
                    cancellationToken)
                .ConfigureAwait(false);
    }

    // What moves in this process ends the wait early; what moves in others is looked at.
    private Task Moved()
    {
        List<Task> moving = [.. _pulled.Moving];
        lock (_gate)
            moving.AddRange(_running.Select(static one => one.Place.Moved.Next));

        return moving is [] ? Task.Delay(Timeout.Infinite, CancellationToken.None) : Task.WhenAny(moving);
    }

    private Daemon NewDaemon(DaemonMode mode, bool isOneOfMany)
    {
        var beside = Beside(mode, isOneOfMany);
        lock (_gate)
        {
            _parts.RemoveAll(static other => other.IsDisposed);
            _parts.AddRange(beside is null ? [] : [beside]);
        }

        return new Daemon(() => Make(mode, isOneOfMany), Wait, _settler, _rebuild, beside);
    }

    private Waiting Wait(Func<Task> moved) => new(_database, _schema, _status, moved, _options.Lease, _waitClock);

    private Workplace NewPlace()
    {
        var node = Guid.NewGuid();
        return new Workplace
        {
            Database = _database,
            Schema = _schema,
            Settler = _settler,
            Bookmarks = new BookmarkCheck(_database, _schema, _settler),
            Feed = _feed,
            Streams = _streams,
            Rows = new RangeRows(_database, _schema, node),
            Parked = new ParkedRows(_database, _schema),
            ContextOf = _openPage,
            Scopes = _options.Scopes,
            WaitClock = _waitClock,
            TimeProvider = _time,
            Writers = new SemaphoreSlim(_options.Writers),
            Flush = _flush,
            Outages = _outages,
            Looks = _looks,
            Node = node,
            NodeName = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}"),
            MaxParkedKeys = _options.MaxParkedKeys,
        };
    }

    private DatabaseDaemon Make(DaemonMode mode, bool isOneOfMany)
    {
        var place = NewPlace();
        var daemon = new DatabaseDaemon(
            place,
            new SubscriptionRows(_database, _schema),
            _positions,
            _options.All,
            _projections,
            (declared, range, claim) => new WorkerRun(declared, range, claim, place),
            _lags,
            mode,
            _options.Lease,
            isOneOfMany);
        lock (_gate)
        {
            _running.RemoveWhere(static other => other.IsDisposed);
            _running.Add(daemon);
        }

        return daemon;
    }

    /// <summary>Ends all daemons that are still running, and what they read with.</summary>
    public async ValueTask DisposeAsync()
    {
        List<DatabaseDaemon> running;
        List<IDaemonPart> parts;
        lock (_gate)
            (running, parts) = ([.. _running], [.. _parts]);

        foreach (var daemon in running)
            await daemon.DisposeAsync().ConfigureAwait(false);

        foreach (var part in parts)
            await part.DisposeAsync().ConfigureAwait(false);

        await _pulled.DisposeAsync().ConfigureAwait(false);
        await _lags.DisposeAsync().ConfigureAwait(false);
        await _flush.DisposeAsync().ConfigureAwait(false);
        await _looks.DisposeAsync().ConfigureAwait(false);
        await _feed.DisposeAsync().ConfigureAwait(false);
        _streams.Dispose();
    }
}
