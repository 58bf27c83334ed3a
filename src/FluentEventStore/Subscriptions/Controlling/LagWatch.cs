using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Looks how far subscriptions are behind, again and again while somebody wants to know, so that instruments ask no database.
/// </summary>
internal sealed class LagWatch(StatusReader status, StoreTelemetry telemetry, TimeSpan lease, TimeProvider clock)
{
    /// <summary>How long after a look the next one follows.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How long what was seen is told.</summary>
    private static readonly TimeSpan Lifetime = 4 * Interval;

    private Seen? _seen;

    /// <summary>Looks until it is cancelled.</summary>
    /// <param name="names">Which subscriptions.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var tell = () => Volatile.Read(ref _seen) is { } seen && clock.GetElapsedTime(seen.At) < Lifetime ? seen.Lags : [];
        telemetry.Subscriptions = tell;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (SubscriptionMeter.ObservesLag)
                    await LookAsync(names, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Who carries the subscriptions logs it; what was seen grows old meanwhile.
            }

            await Task.Delay(Interval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (telemetry.Subscriptions == tell)
            telemetry.Subscriptions = null;
    }

    private async Task LookAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var all = await status.FetchAsync(name: null, lease, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _seen, new Seen(clock.GetTimestamp(),
        [
            .. all.Where(one => names.Contains(one.Name))
                .GroupBy(static one => one.Name)
                .Select(static versions => versions.Last())
                .Select(static one => new SubscriptionLag(one.Name, one.Lag, one.LagTime, one.Parked)),
        ]));
    }

    private sealed record Seen(long At, IReadOnlyList<SubscriptionLag> Lags);
}
