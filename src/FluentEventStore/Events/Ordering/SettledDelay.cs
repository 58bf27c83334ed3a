using FluentEventStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.Events;

/// <summary>
/// Notes for how long open transactions keep the settled position where it is. If it is long, it says in the log whose they are.
/// </summary>
internal sealed class SettledDelay(StoreTelemetry telemetry, LogLocks locks, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>From when on a delay is worth a message, and how much later the next one follows.</summary>
    internal static readonly TimeSpan Noteworthy = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan BetweenMessages = TimeSpan.FromMinutes(1);

    /// <summary>How long a look counts: nobody knows what came after it.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly OwnWork _work = new();
    private readonly Lock _gate = new();
    private long _position = -1;
    private long _lag;
    private long? _lookedAt;
    private long? _since;
    private long? _toldAt;

    /// <summary>How far readers are behind; <see langword="null"/> if nobody looked lately.</summary>
    public LogLag? Lag
    {
        get
        {
            lock (_gate)
            {
                return _lookedAt is { } lookedAt && clock.GetElapsedTime(lookedAt) < Lifetime
                    ? new LogLag(_lag, _since is { } since ? clock.GetElapsedTime(since) : TimeSpan.Zero)
                    : null;
            }
        }
    }

    /// <summary>Notes what a look at a primary found.</summary>
    public void Note(Settled settled)
    {
        var (isTold, heldFor) = (false, TimeSpan.Zero);
        lock (_gate)
        {
            _lookedAt = clock.GetTimestamp();
            var isHeld = settled.HeldBackAt is not null && settled.Last > settled.Position;
            _lag = isHeld ? settled.Last - settled.Position : 0;
            if (_since is { } began && (!isHeld || settled.Position != _position))
            {
                (isTold, heldFor) = (_toldAt is not null, clock.GetElapsedTime(began));
                (_since, _toldAt) = (null, null);
            }

            if (isHeld)
                _since ??= _lookedAt;

            _position = settled.Position;
            if (IsDue())
            {
                _toldAt = _lookedAt;
                _work.TryBegin(ending => TellAsync(settled, ending));
            }
        }

        if (isTold)
            OrderingLog.WentOn(telemetry, settled.Position, heldFor);
    }

    /// <summary>Waits for what is under way to end.</summary>
    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private bool IsDue() => _since is { } since
        && clock.GetElapsedTime(since) >= Noteworthy
        && (_toldAt is not { } told || clock.GetElapsedTime(told) >= BetweenMessages)
        && telemetry.Loggers.Ordering.IsEnabled(LogLevel.Warning)
        && !_work.IsRunning;

    private async Task TellAsync(Settled settled, CancellationToken cancellationToken)
    {
        try
        {
            var held = await locks.FetchAsync(settled.Last, cancellationToken).ConfigureAwait(false);
            var heldFor = Lag?.HeldBackFor ?? TimeSpan.Zero;
            if (held.Find(static one => !one.IsExclusive) is { By: { } by })
                OrderingLog.HeldBack(telemetry, settled.Position, heldFor, by);
        }
        catch (Exception)
        {
            // Only the message is lost: whoever reads the log learns what is wrong with the database.
        }
    }
}
