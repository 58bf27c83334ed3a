using System.Globalization;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Events;

/// <summary>
/// Tells followers in other processes that this one has committed events: after the commit and apart from it, because commits that notify
/// wait for each other in the whole server.
/// </summary>
/// <remarks>
/// Only the first commit after a pause is told. Whoever has seen the log move looks again after two milliseconds, and then after four: as
/// long as commits come closer to each other than that, followers find them as soon as they would hear of them.
/// </remarks>
internal sealed class LogAnnouncer(NotificationChannel channel, StoreTelemetry telemetry, TimeProvider waitClock) : IAsyncDisposable
{
    /// <summary>How long the log must not have moved.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>How long nothing is told after a failure.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly OwnWork _work = new();
    private readonly Lock _gate = new();
    private long _movedAt = waitClock.GetTimestamp() - waitClock.TimestampFrequency;
    private long? _untold;
    private bool _isTelling;

    /// <summary>
    /// Says that this process has committed events up to a position. Costs no more than a look at the clock if others came just before.
    /// </summary>
    public void Committed(long position)
    {
        if (IsFirstAfterPause())
            Tell(position);
    }

    /// <summary>Says that another process has told of its commit: all who listen are awake.</summary>
    public void Heard() => IsFirstAfterPause();

    /// <summary>Waits for what is under way to end.</summary>
    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private bool IsFirstAfterPause()
    {
        var now = waitClock.GetTimestamp();
        return waitClock.GetElapsedTime(Interlocked.Exchange(ref _movedAt, now), now) >= Pause;
    }

    private void Tell(long position)
    {
        lock (_gate)
        {
            _untold = position;
            if (!_isTelling)
                _isTelling = _work.TryBegin(TellAsync);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        while (Next() is { } position)
        {
            try
            {
                await channel.NotifyAsync(position.ToString(CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                if (cancellationToken.IsCancellationRequested)
                    return;

                OrderingLog.NotAnnounced(telemetry, ErrorType.Of(failure));
                await PauseAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private long? Next()
    {
        lock (_gate)
        {
            var next = _untold;
            _untold = null;
            _isTelling = next is not null;
            return next;
        }
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(PauseAfterFailure, waitClock, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The store is disposed: the next attempt ends at once.
        }
    }
}
