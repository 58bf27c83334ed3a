using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Events;

/// <summary>
/// Looks at the log again and again while somebody waits for it to be settled beyond a position: at once after a commit of this process,
/// and after one of another process that is heard of, otherwise at a pace. If one transaction holds events back, it looks as soon as that
/// has ended.
/// </summary>
internal sealed class LogWatch(Settler settler, SettledQueries queries, LogListener? listener, TimeProvider waitClock) : IAsyncDisposable
{
    private readonly OwnWork _work = new();
    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiters = [];
    private readonly PollingPace _pace = new();
    private TaskCompletionSource _signal = NewSignal();
    private bool _isWatching;

    // Set only by the running watch.
    private Task _writers = Task.CompletedTask;
    private long _waitedFor = -1;
    private long _settled;

    /// <summary>Whether somebody waits and the next look is due later.</summary>
    public bool IsPausing { get; private set; }

    /// <summary>Whether somebody waits.</summary>
    public bool IsWatching
    {
        get
        {
            lock (_gate)
                return _isWatching;
        }
    }

    public async Task<long> WaitBeyondAsync(long position, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter(position);
        lock (_gate)
        {
            if (_work.IsEnding || (!_isWatching && !_work.TryBegin(WatchAsync)))
                throw ConnectionSource.Disposed();

            _waiters.Add(waiter);
            _isWatching = true;
        }

        try
        {
            return await waiter.Settled.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
                _waiters.Remove(waiter);
            throw;
        }
    }

    public void Signal()
    {
        lock (_gate)
        {
            if (!_isWatching)
                return;

            _signal.TrySetResult();
        }
    }

    /// <summary>Says that another process tells of a commit. It ends a longer pause; the next look is due at once otherwise.</summary>
    public void Hear(long position)
    {
        if (position > Volatile.Read(ref _settled) && _pace.IsSlow)
            Signal();
    }

    /// <summary>Ends all that wait with an <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _work.DisposeAsync().ConfigureAwait(false);
        await _writers.ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Taken before the look: a commit that the look does not see sets this signal.
                var signal = TakeSignal();
                var settled = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
                if (settled.Position != _settled)
                    _pace.Busy();

                Volatile.Write(ref _settled, settled.Position);
                if (!Release(settled))
                    return;

                await PauseAsync(settled, signal.Task, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            var ended = Fail(cancellationToken.IsCancellationRequested ? ConnectionSource.Disposed() : failure);
            if (ended > 0 && !cancellationToken.IsCancellationRequested)
                OrderingLog.FollowersEnded(queries.Telemetry, ended, ErrorType.Of(failure));
        }
    }

    private TaskCompletionSource TakeSignal()
    {
        lock (_gate)
        {
            if (_signal.Task.IsCompleted)
                _signal = NewSignal();

            return _signal;
        }
    }

    /// <summary>Releases those whose position is passed, and fails those who have read beyond the end of the log.</summary>
    /// <returns>Whether somebody still waits; otherwise the watch ends.</returns>
    private bool Release(Settled settled)
    {
        lock (_gate)
        {
            for (var index = _waiters.Count - 1; index >= 0; index--)
            {
                var waiter = _waiters[index];
                if (waiter.Position < settled.Position)
                    waiter.Settled.TrySetResult(settled.Position);
                else if (waiter.Position > settled.Last && !settled.IsStandby)
                    waiter.Settled.TrySetException(OrderingChecks.Forked(waiter.Position, settled.Last));
                else
                    continue;

                _waiters.RemoveAt(index);
            }

            return _isWatching = _waiters.Count > 0;
        }
    }

    private int Fail(Exception failure)
    {
        lock (_gate)
        {
            var ended = _waiters.Count;
            foreach (var waiter in _waiters)
                waiter.Settled.TrySetException(failure);

            _waiters.Clear();
            _isWatching = false;
            return ended;
        }
    }

    private async Task PauseAsync(Settled settled, Task signal, CancellationToken cancellationToken)
    {
        // Most writers end before a second look is due; only a slower one is worth a connection. If it outlasts the wait, it is polled.
        if (settled.HeldBackAt is { } position && position != _waitedFor && _pace.IsSlow && _writers.IsCompleted)
        {
            _waitedFor = position;
            _writers = OwnFlow.Run(() => WaitForWritersAsync(position, cancellationToken));
        }

        // A standby tells of nothing.
        if (!settled.IsStandby)
            listener?.Need(_pace.IsIdle);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pause = Task.Delay(_pace.Pause, waitClock, ending.Token);
        IsPausing = true;
        var ended = await (_writers.IsCompleted ? Task.WhenAny(pause, signal) : Task.WhenAny(pause, signal, _writers)).ConfigureAwait(
            false);
        IsPausing = false;
        await ending.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (ended == pause)
            _pace.Idle();
        else
            _pace.Busy();
    }

    private async Task WaitForWritersAsync(long position, CancellationToken cancellationToken)
    {
        try
        {
            await queries.WaitForWritersAsync(position, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The wait only saves time. The next look finds out whether the database can be reached at all.
        }
    }

    private sealed class Waiter(long position)
    {
        public long Position { get; } = position;

        public TaskCompletionSource<long> Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
