using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Tells that a database does not answer: once, however many ranges wait for it, and again each minute until all of them go on. Which of
/// them is slow to notice says nothing, and a hundred lines hide others.
/// </summary>
internal sealed class Outages(StoreTelemetry telemetry, TimeProvider clock)
{
    /// <summary>How long after it was told an outage that lasts is told again.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<RangeKey> _waiting = [];
    private RangeKey _first;
    private long _toldAt;

    /// <summary>A range waits, since this happened.</summary>
    public void Begin(RangeKey range, Exception failure)
    {
        RangeKey first;
        int count;
        lock (_gate)
        {
            var isFirst = _waiting.Count == 0;
            _waiting.Add(range);
            if (isFirst)
                _first = range;
            else if (clock.GetElapsedTime(_toldAt) < Interval)
                return;

            _toldAt = clock.GetTimestamp();
            (first, count) = (_first, _waiting.Count);
        }

        SubscriptionLog.Outage(telemetry, first, count, failure);
    }

    /// <summary>It goes on, or is carried here no more.</summary>
    public void End(RangeKey range)
    {
        lock (_gate)
            _waiting.Remove(range);
    }
}
