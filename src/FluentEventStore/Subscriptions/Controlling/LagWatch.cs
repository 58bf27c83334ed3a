using FluentEventStore.Events;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Looks how far the subscriptions that this process carries are behind, again and again while somebody wants to know, so that instruments
/// ask no database: one look for all that it carries in a database.
/// </summary>
internal sealed class LagWatch : IAsyncDisposable
{
    /// <summary>How long after a look the next one follows.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How long what was seen is told.</summary>
    private static readonly TimeSpan Lifetime = 4 * Interval;

    private readonly StatusReader _status;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _clock;
    private readonly Func<string, bool> _isBuild;
    private readonly OwnWork _work = new();
    private readonly Lock _gate = new();
    private readonly List<Watched> _watched = [];
    private bool _isRunning;
    private Seen? _seen;

    /// <param name="status">Looks.</param>
    /// <param name="telemetry">Asks what was seen.</param>
    /// <param name="lease">How long a process may be silent.</param>
    /// <param name="clock">The clock of the looks.</param>
    /// <param name="isBuild">Whether a subscription keeps a table of a projection: one that does not serve any more is paused.</param>
    public LagWatch(
        StatusReader status, StoreTelemetry telemetry, TimeSpan lease, TimeProvider clock, Func<string, bool> isBuild)
    {
        (_status, _lease, _clock, _isBuild) = (status, lease, clock, isBuild);
        telemetry.Subscriptions = Tell;
    }

    /// <summary>Looks at subscriptions until what is returned is disposed.</summary>
    /// <param name="names">Their names.</param>
    public IDisposable Watch(IReadOnlyCollection<string> names)
    {
        var watched = new Watched(this, names);
        lock (_gate)
        {
            _watched.Add(watched);
            if (!_isRunning)
                _isRunning = _work.TryBegin(RunAsync);
        }

        return watched;
    }

    /// <summary>Ends the look that is under way.</summary>
    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (GoesOn(cancellationToken))
        {
            try
            {
                if (SubscriptionMeter.ObservesLag)
                    await LookAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Who carries the subscriptions logs it; what was seen grows old meanwhile.
            }

            await Task.Delay(Interval, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool GoesOn(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _isRunning = _watched.Count > 0 && !cancellationToken.IsCancellationRequested;
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var all = await _status.FetchAsync(name: null, _lease, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _seen, new Seen(_clock.GetTimestamp(),
        [
            .. all.GroupBy(static one => one.Name)
                .Select(static versions => versions.Last())
                .Where(one => one.State != SubscriptionState.Paused || !_isBuild(one.Name))
                .Select(static one => new SubscriptionLag(one.Name, one.Lag, one.LagTime, one.Parked)),
        ]));
    }

    private IReadOnlyList<SubscriptionLag> Tell()
    {
        if (Volatile.Read(ref _seen) is not { } seen || _clock.GetElapsedTime(seen.At) >= Lifetime)
            return [];

        HashSet<string> names;
        lock (_gate)
            names = _watched.SelectMany(static one => one.Names).ToHashSet(StringComparer.Ordinal);

        return [.. seen.Lags.Where(lag => names.Contains(lag.Subscription))];
    }

    private sealed record Seen(long At, IReadOnlyList<SubscriptionLag> Lags);

    private sealed class Watched(LagWatch watch, IReadOnlyCollection<string> names) : IDisposable
    {
        public IReadOnlyCollection<string> Names => names;

        public void Dispose()
        {
            lock (watch._gate)
                watch._watched.Remove(this);
        }
    }
}
