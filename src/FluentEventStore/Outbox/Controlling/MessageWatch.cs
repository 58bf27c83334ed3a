using FluentEventStore.Telemetry;

namespace FluentEventStore.Outbox;

/// <summary>
/// Looks at what waits, again and again while a sender runs and somebody wants to know, so that instruments ask no database.
/// </summary>
internal sealed class MessageWatch(MessageStatusReader status, TimeProvider time, TimeProvider waitClock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private Seen? _seen;

    /// <summary>What was seen, unless that is long ago.</summary>
    public MessageLag? Lag =>
        Volatile.Read(ref _seen) is { } seen && waitClock.GetElapsedTime(seen.At) < 4 * Interval ? seen.Lag : null;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (MessageMeter.ObservesLag)
                    await LookAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The sender logs it; what was seen grows old meanwhile.
            }

            await Task.Delay(Interval, waitClock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var found = await status.FetchAsync(cancellationToken).ConfigureAwait(false);
        var age = found.Oldest is { } oldest && time.GetUtcNow() - oldest is var since && since > TimeSpan.Zero ? since : TimeSpan.Zero;
        Volatile.Write(ref _seen, new Seen(waitClock.GetTimestamp(), new MessageLag(found.Waiting, age, found.FailingKeys)));
    }

    private sealed record Seen(long At, MessageLag Lag);
}
