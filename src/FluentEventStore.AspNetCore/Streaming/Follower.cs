namespace FluentEventStore.AspNetCore;

/// <summary>Follows the log for one client.</summary>
internal sealed class Follower : IProgress<long>, IAsyncDisposable
{
    private readonly TaskCompletionSource _firstProgress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending;
    private readonly IAsyncEnumerator<IEvent> _events;
    private long _readTo;

    public Follower(IEventLog log, EventFilter filter, FollowStart start, CancellationTokenSource ending)
    {
        _ending = ending;
        _readTo = start.After;
        _events = log.FollowAsync(new LogStart { After = start.After, Progress = this }, filter, ending.Token)
            .GetAsyncEnumerator(ending.Token);
        Next = _events.MoveNextAsync().AsTask();
    }

    /// <summary>Ends once <see cref="Current"/> is the next event.</summary>
    public Task<bool> Next { get; private set; }

    /// <summary>The event that was read last.</summary>
    public IEvent Current => _events.Current;

    /// <summary>Up to where the log was read and all events that pass were taken.</summary>
    public long ReadTo => Volatile.Read(ref _readTo);

    /// <summary>Waits until the first event is there, or there is none in the part of the log that was read first.</summary>
    public async Task BeginAsync()
    {
        await Task.WhenAny(Next, _firstProgress.Task).ConfigureAwait(false);
        if (Next.IsCompleted)
            await Next.ConfigureAwait(false);
    }

    /// <summary>Goes on to the next event.</summary>
    public void Advance() => Next = _events.MoveNextAsync().AsTask();

    void IProgress<long>.Report(long value)
    {
        Volatile.Write(ref _readTo, value);
        _firstProgress.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await ((Task)Next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _events.DisposeAsync().ConfigureAwait(false);
    }
}
