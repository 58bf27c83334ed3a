using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>
/// Looks at the log again and again while somebody waits for it to be decided beyond a position: at once after a commit of this process, otherwise at a
/// pace; and where one transaction holds back what is there already, as soon as that has ended.
/// </summary>
internal sealed class LogWatch(Settler settler, SettledQueries queries, TimeProvider waitClock, CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiters = [];
    private readonly PollingPace _pace = new();
    private TaskCompletionSource _signal = NewSignal();
    private Task _watching = Task.CompletedTask;
    private bool _isWatching;

    // Used by the watch that runs.
    private Task<bool> _writers = Task.FromResult(true);
    private long _waitedFor = -1;
    private long _mark;

    /// <summary>Whether somebody waits and the next look is due later.</summary>
    public bool IsPausing { get; private set; }

    /// <summary>Waits for what is under way to end, after the store has stopped.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        Task watching;
        lock (_gate)
            watching = _watching;

        await watching.WaitAsync(cancellationToken).ConfigureAwait(false);
        await ((Task)_writers).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task<long> WaitBeyondAsync(long position, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter(position);
        lock (_gate)
        {
            _waiters.Add(waiter);
            if (!_isWatching)
            {
                _isWatching = true;
                _watching = OwnFlow.Run(() => WatchAsync(stopping));
            }
        }

        try
        {
            return await waiter.Mark.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
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

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Taken before the look: a commit that it does not see signals this one.
                var signal = TakeSignal();
                var settled = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
                if (settled.Mark > _mark)
                    _pace.Busy();

                _mark = settled.Mark;
                if (!Release(settled.Mark))
                    return;

                await PauseAsync(settled, signal.Task, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            Fail(cancellationToken.IsCancellationRequested ? new ObjectDisposedException(nameof(IEventLog)) : failure);
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

    /// <summary>Lets those go whose position is passed.</summary>
    /// <returns>Whether somebody still waits; the watch ends where not.</returns>
    private bool Release(long mark)
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters.FindAll(waiter => waiter.Position < mark))
            {
                _waiters.Remove(waiter);
                waiter.Mark.TrySetResult(mark);
            }

            return _isWatching = _waiters.Count > 0;
        }
    }

    private void Fail(Exception failure)
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters)
                waiter.Mark.TrySetException(failure);

            _waiters.Clear();
            _isWatching = false;
        }
    }

    private async Task PauseAsync(Settled settled, Task signal, CancellationToken cancellationToken)
    {
        // Most writers end sooner than a second look is due; only one that does not is worth a connection. One that outlasts the wait is polled for.
        if (settled.HeldBackAt is { } position && position != _waitedFor && _pace.Pause > PollingPace.Shortest && _writers.IsCompleted)
        {
            _waitedFor = position;
            _writers = OwnFlow.Run(() => queries.WaitForWritersAsync(position, cancellationToken));
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pause = Task.Delay(_pace.Pause, waitClock, ending.Token);
        IsPausing = true;
        var ended = await (_writers.IsCompleted ? Task.WhenAny(pause, signal) : Task.WhenAny(pause, signal, _writers)).ConfigureAwait(false);
        IsPausing = false;
        await ending.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (ended == pause)
            _pace.Idle();
        else
            _pace.Busy();

        // A failure of the wait is told: the next look would most likely fail as well.
        if (_writers.IsFaulted)
            await _writers.ConfigureAwait(false);
    }

    private sealed class Waiter(long position)
    {
        public long Position { get; } = position;

        public TaskCompletionSource<long> Mark { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
