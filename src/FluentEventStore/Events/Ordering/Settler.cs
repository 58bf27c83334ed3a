using System.Globalization;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Events;

/// <summary>
/// Knows how far the log is settled. One serves a store: those who ask at the same time share a query, and those who wait share a repeated
/// one.
/// </summary>
internal sealed class Settler : IAsyncDisposable
{
    private readonly SettledQueries _queries;
    private readonly OrderingChecks _ordering;
    private readonly SettledPublication _publication;
    private readonly SharedCall<Settled> _asked;
    private readonly LogWatch _watch;
    private readonly SettledDelay _delay;
    private readonly LogAnnouncer? _announcer;
    private readonly LogListener? _listener;

    // Used only by the running query.
    private long _position;
    private bool? _verifiedAsStandby;
    private DateTimeOffset _server;

    /// <param name="queries">What is asked of the database.</param>
    /// <param name="ordering">Checks what the order rests on.</param>
    /// <param name="waitClock">The clock of pauses.</param>
    /// <param name="channel">Where processes tell each other of commits; <see langword="null"/> if this one does not take part.</param>
    public Settler(SettledQueries queries, OrderingChecks ordering, TimeProvider waitClock, NotificationChannel? channel = null)
    {
        _queries = queries;
        _ordering = ordering;
        _publication = new SettledPublication(queries, waitClock);
        _asked = new SharedCall<Settled>(SettleAsync);
        _delay = new SettledDelay(queries.Telemetry, queries.Locks, waitClock);
        if (channel is not null)
        {
            _announcer = new LogAnnouncer(channel, queries.Telemetry, waitClock);
            _listener = new LogListener(channel, queries.Telemetry, waitClock)
            {
                Heard = Heard,
                Missed = Signal,
                IsFollowed = () => _watch!.IsWatching,
            };
        }

        _watch = new LogWatch(this, queries, _listener, waitClock);
    }

    /// <summary>A sentence about what this process saw the log lose; <see langword="null"/> if nothing.</summary>
    public string? Loss { get; private set; }

    /// <summary>When the server that answered last was started, in ticks; 0 if none has.</summary>
    public long Server
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    /// <summary>How far readers are behind; <see langword="null"/> if nobody looked lately.</summary>
    public LogLag? Lag => _delay.Lag;

    /// <summary>Whether somebody waits and the next look is due later.</summary>
    internal bool IsPausing => _watch.IsPausing;

    /// <summary>
    /// How far the log is settled, looked up after this call began: it includes what was committed before, unless that is held back.
    /// </summary>
    /// <exception cref="OrderingNotGuaranteedException">The database does not keep what the order rests on.</exception>
    public Task<Settled> AskAsync(CancellationToken cancellationToken) => _asked.AskAsync(cancellationToken);

    /// <summary>Waits until the log is settled beyond a position.</summary>
    /// <returns>The position up to which it is settled then.</returns>
    /// <exception cref="OrderingNotGuaranteedException">As with <see cref="AskAsync"/>, or the log ends below the position.</exception>
    public Task<long> WaitBeyondAsync(long position, CancellationToken cancellationToken) =>
        _watch.WaitBeyondAsync(position, cancellationToken);

    /// <summary>Whether a connection listens to other processes.</summary>
    internal bool IsListening => _listener?.IsListening ?? false;

    /// <summary>Says that this process has committed events: those who wait look at once, here and in other processes.</summary>
    /// <param name="position">The position of one of them, the last one if it is known.</param>
    public void Committed(long position)
    {
        Signal();
        _announcer?.Committed(position);
    }

    /// <summary>Says that there may be more to see: those who wait here look at once.</summary>
    public void Signal() => _watch.Signal();

    /// <summary>Ends all that wait with an <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
            await _listener.DisposeAsync().ConfigureAwait(false);

        await _watch.DisposeAsync().ConfigureAwait(false);
        if (_announcer is not null)
            await _announcer.DisposeAsync().ConfigureAwait(false);

        await _asked.DisposeAsync().ConfigureAwait(false);
        await _publication.DisposeAsync().ConfigureAwait(false);
        await _delay.DisposeAsync().ConfigureAwait(false);
    }

    private void Heard(long position)
    {
        _announcer!.Heard();
        _watch.Hear(position);
    }

    private async Task<Settled> SettleAsync(CancellationToken cancellationToken)
    {
        if (_verifiedAsStandby is null)
            await VerifyAsync(cancellationToken).ConfigureAwait(false);

        var settled = await _queries.SettleAsync(_position, cancellationToken).ConfigureAwait(false);
        if (_ordering.AreOutdated || (_verifiedAsStandby is { } before && before != settled.IsStandby))
        {
            // The connections may lead elsewhere now, or a standby was promoted: a primary must keep more.
            await VerifyAsync(cancellationToken).ConfigureAwait(false);
        }

        var isElsewhere = _server != default && _server != settled.Server;
        (_server, Server) = (settled.Server, settled.Server.UtcTicks);
        _verifiedAsStandby = settled.IsStandby;
        if (settled.IsStandby)
            return settled;

        if (settled.Last < _position)
        {
            settled = await AfterLossAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (isElsewhere)
        {
            // What was settled on one server is not on another that took over without the end of the log: it has given the same positions
            // anew, and some may still be open.
            _position = 0;
            settled = await _queries.SettleAsync(_position, cancellationToken).ConfigureAwait(false);
        }

        _position = Math.Max(_position, settled.Position);
        settled = settled with { Position = _position };
        _publication.Offer(settled);
        _delay.Note(settled);
        return settled;
    }

    private async Task VerifyAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in await _ordering.VerifyAsync(cancellationToken).ConfigureAwait(false))
            OrderingLog.Risky(_queries.Telemetry, warning);
    }

    /// <summary>
    /// Called if the last position lies below one that readers were given. If the sequence was set back, it is moved on. Otherwise the log
    /// is shorter than it was and goes on from its end; whoever has read beyond it learns so when asking for more.
    /// </summary>
    private async Task<Settled> AfterLossAsync(CancellationToken cancellationToken)
    {
        await VerifyAsync(cancellationToken).ConfigureAwait(false);
        var settled = await _queries.SettleAsync(_position, cancellationToken).ConfigureAwait(false);
        if (settled.Last >= _position || settled.IsStandby)
            return settled;

        Loss = string.Create(
            CultureInfo.InvariantCulture,
            $"The log ends at position {settled.Last}, but had been read up to {_position}: another server took over without the end of "
                + $"the log, a backup was restored, or the schema was created again. The events read beyond that position are not in the "
                + $"store.");
        OrderingLog.Risky(_queries.Telemetry, Loss);
        _position = 0;
        return await _queries.SettleAsync(_position, cancellationToken).ConfigureAwait(false);
    }
}
