namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>
/// A clock on which a follower that has found nothing new for a few milliseconds never looks again: something else wakes it, or nothing.
/// Other pauses end as they should.
/// </summary>
internal sealed class SleepyClock : TimeProvider
{
    private int _sleeps;

    /// <summary>How often somebody has fallen asleep.</summary>
    public int Sleeps => Volatile.Read(ref _sleeps);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.FromMilliseconds(8) || dueTime > TimeSpan.FromMilliseconds(250))
            return base.CreateTimer(callback, state, dueTime, period);

        Interlocked.Increment(ref _sleeps);
        return new NoTimer();
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
