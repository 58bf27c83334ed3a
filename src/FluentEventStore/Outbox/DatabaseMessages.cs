using FluentEventStore.Messages;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;
using FluentEventStore.Subscriptions;

namespace FluentEventStore.Outbox;

/// <summary>Puts together what the messages of one database are sent and controlled with.</summary>
internal sealed class DatabaseMessages
{
    private readonly MessageOptions _options;
    private readonly Database _database;
    private readonly SqlIdentifier _schema;
    private readonly MessageSignal _signal;
    private readonly StoreContext _context;
    private readonly TimeProvider _time;
    private readonly TimeProvider _waitClock;
    private readonly MessageWatch _watch;

    public DatabaseMessages(
        MessageOptions options,
        Database database,
        SqlIdentifier schema,
        StoreContext context,
        TimeProvider time,
        TimeProvider waitClock)
    {
        (_options, _database, _schema, _context) = (options, database, schema, context);
        (_time, _waitClock, _signal) = (time, waitClock, context.Writing.Messages);
        var status = new MessageStatusReader(database, schema);
        _watch = new MessageWatch(status, time, waitClock);
        database.Telemetry.Messages = () => _watch.Lag;
        Controls = new StoreMessages(new MessageControls(database, schema), status, _signal);
    }

    public IStoreMessages Controls { get; }

    /// <summary>Makes a sender for a daemon; <see langword="null"/> if this process sends nothing.</summary>
    /// <param name="mode">How the daemon shares the work.</param>
    /// <param name="isOneOfMany">Whether the database is that of one tenant of many.</param>
    public IDaemonPart? Build(DaemonMode mode, bool isOneOfMany) => _options.SendAny
        ? new MessageSender(
            _options,
            new LaneRows(_database, _schema, _options.Lease, Guid.NewGuid()),
            new Sending(_options, _context, _database.Telemetry, _waitClock),
            _signal,
            _watch,
            _database.Telemetry,
            (_time, _waitClock),
            mode,
            isOneOfMany)
        : null;
}
