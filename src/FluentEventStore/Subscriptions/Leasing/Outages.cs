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
    private bool _isTold;
    private long _toldAt;
    private long _endedAt = long.MinValue;

    /// <summary>Now, as a time at which a range tries something.</summary>
    public long Now => clock.GetTimestamp();

    /// <summary>A range waits, since this happened.</summary>
    /// <param name="range">Which one.</param>
    /// <param name="failure">What happened.</param>
    /// <param name="triedAt">When it tried what failed. An answer that comes when all others go on already is of their outage.</param>
    public void Begin(RangeKey range, Exception failure, long triedAt)
    {
        RangeKey first;
        int count;
        lock (_gate)
        {
            var isFirst = _waiting.Count == 0;
            _waiting.Add(range);
            if (isFirst)
                _first = range;

            if (_isTold ? clock.GetElapsedTime(_toldAt) < Interval : triedAt < _endedAt)
                return;

            (_isTold, _toldAt) = (true, clock.GetTimestamp());
            (first, count) = (_first, _waiting.Count);
        }

        SubscriptionLog.Outage(telemetry, first, count, failure);
    }

    /// <summary>It goes on, or is carried here no more.</summary>
    public void End(RangeKey range)
    {
        lock (_gate)
        {
            if (_waiting.Remove(range) && _waiting.Count == 0)
                (_isTold, _endedAt) = (false, clock.GetTimestamp());
        }
    }
}
