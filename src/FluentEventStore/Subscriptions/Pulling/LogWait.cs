using FluentEventStore.Events;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Waits for the log to grow, for something else to do, or for a time. The log is asked once for each position, however often something
/// else comes between.
/// </summary>
internal sealed class LogWait(Settler settler, TimeProvider clock) : IAsyncDisposable
{
    // A timer takes no more than 49 days. Whoever wants to wait longer looks again.
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _ending = new();
    private Task<long>? _beyond;
    private long _after;
    private long _settled;

    /// <summary>Waits until the log is settled beyond a position.</summary>
    /// <returns>How far it is; <see langword="null"/> if something else came first.</returns>
    public async Task<long?> WaitBeyondAsync(long after, Task changed, TimeSpan? limit, CancellationToken cancellationToken)
    {
        if (_settled > after)
            return _settled;

        if (_beyond is null || _after != after)
        {
            Forget();
            (_beyond, _after) = (settler.WaitBeyondAsync(after, _ending.Token), after);
        }

        await Pause(Task.WhenAny(_beyond, changed), limit, null).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_beyond.IsCompleted)
            return null;

        var beyond = _beyond;
        _beyond = null;
        return _settled = await beyond.ConfigureAwait(false);
    }

    /// <summary>Waits for something, or for the shorter of two times.</summary>
    public async Task Pause(Task changed, TimeSpan? limit, TimeSpan? other)
    {
        var pause = limit is null || other < limit ? other : limit;
        if (pause > LongestPause)
            pause = LongestPause;

        using var enough = new CancellationTokenSource();
        var delay = Task.Delay(pause is { } time ? WholePause.Of(time) : Timeout.InfiniteTimeSpan, clock, enough.Token);
        await Task.WhenAny(changed, delay).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Forget();
        await _ending.CancelAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    private void Forget() => _beyond?.ContinueWith(
        static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
