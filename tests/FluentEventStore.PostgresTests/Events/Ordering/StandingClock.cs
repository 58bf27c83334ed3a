namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>A clock on which no pause ever ends: what waits is woken by something else, or never.</summary>
internal sealed class StandingClock : TimeProvider
{
    private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when somebody has begun to wait.</summary>
    public Task Paused => _paused.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _paused.TrySetResult();
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
