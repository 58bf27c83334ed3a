using System.Globalization;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;

namespace FluentEventStore.Subscriptions;

/// <summary>Puts together what subscriptions of one database are carried and controlled with.</summary>
internal sealed class DatabaseSubscriptions
{
    private readonly DeclaredSubscriptions _options;
    private readonly Database _database;
    private readonly SqlIdentifier _schema;
    private readonly Settler _settler;
    private readonly PositionLookup _positions;
    private readonly StatusReader _status;
    private readonly LogReader _log;
    private readonly Func<Action, StoreContext> _openPage;
    private readonly TimeProvider _time;
    private readonly TimeProvider _waitClock;

    public DatabaseSubscriptions(
        DeclaredSubscriptions options,
        Database database,
        SqlIdentifier schema,
        Settler settler,
        LogReader log,
        Func<Action, StoreContext> openPage,
        TimeProvider time,
        TimeProvider waitClock)
    {
        (_options, _database, _schema, _settler, _log, _openPage) = (options, database, schema, settler, log, openPage);
        (_time, _waitClock) = (time, waitClock);
        _positions = new PositionLookup(database, schema, settler);
        _status = new StatusReader(database, schema, settler);
        Controls = new StoreSubscriptions(_status, new RangeControls(database, schema), new ParkedControls(database, schema), _positions, options.Lease, waitClock);
    }

    public StoreSubscriptions Controls { get; }

    public IDaemon BuildDaemon(DaemonMode mode) =>
        Enum.IsDefined(mode)
            ? new Daemon(() => Make(mode), _status, _settler, _options.Lease)
            : throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");

    private DatabaseDaemon Make(DaemonMode mode)
    {
        var node = Guid.NewGuid();
        var place = new Workplace
        {
            Database = _database,
            Schema = _schema,
            Settler = _settler,
            Bookmarks = new BookmarkCheck(_database, _schema, _settler),
            Feed = new LogFeed(_log),
            Rows = new RangeRows(_database, _schema, node),
            Parked = new ParkedRows(_database, _schema),
            ContextOf = _openPage,
            WaitClock = _waitClock,
            TimeProvider = _time,
            Writers = new SemaphoreSlim(_options.Writers),
            Node = node,
            NodeName = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}"),
            MaxParkedKeys = _options.MaxParkedKeys,
        };
        return new DatabaseDaemon(
            place,
            new SubscriptionRows(_database, _schema),
            _positions,
            _options.All,
            (declared, range, claim) => new WorkerRun(declared, range, claim, place),
            mode,
            _options.Lease);
    }
}
