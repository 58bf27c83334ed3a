using System.Diagnostics;
using System.Runtime.CompilerServices;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Events;

/// <summary>A unit on its way through the lanes.</summary>
internal sealed class WaitingUnit(EventUnit unit, CancellationToken cancellationToken)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Left = 2;
    private const long NotBlocked = long.MinValue;

    /// <summary>How long a cancelled session waits for a statement that cannot be cancelled because others share it.</summary>
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource<AppendOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stage;
    private long _blockedSince = NotBlocked;

    public EventUnit Unit { get; } = unit;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The span of its session's save; <see langword="null"/> if nobody wants to know.</summary>
    public Activity? Save { get; } = StoreTracing.Current;

    /// <summary>The streams that it appends to.</summary>
    public IEnumerable<(TenantId TenantId, StreamId StreamId)> Streams => Unit.Streams.Select(stream => (Unit.TenantId, stream.StreamId));

    /// <summary>The locked stream that it waits for; <see langword="null"/> if it never had to.</summary>
    public StreamId? BlockedBy { get; private set; }

    /// <summary>What became of the unit, once a lane has sent it.</summary>
    public Task<AppendOutcome> Outcome => _outcome.Task;

    /// <summary>Whether its session has given it up.</summary>
    public bool IsGone => Volatile.Read(ref _stage) == Left;

    /// <summary>Takes the unit for sending; <see langword="false"/> if its session has given it up.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _stage, Taken, Waiting) == Waiting;

    /// <summary>Gives the unit up; <see langword="false"/> if it is being sent already.</summary>
    public bool TryLeave() => Interlocked.CompareExchange(ref _stage, Left, Waiting) == Waiting;

    /// <summary>Lets a unit wait again that was taken but not written.</summary>
    public void PutBack()
    {
        Volatile.Write(ref _stage, Waiting);

        // Its session may have been cancelled while it could not leave; it does not ask again.
        if (CancellationToken.IsCancellationRequested && TryLeave())
            Fail(new OperationCanceledException(CancellationToken));
    }

    /// <summary>Notes that a stream that the unit needs is locked.</summary>
    public void Block(StreamId by, long now)
    {
        BlockedBy = by;
        if (_blockedSince == NotBlocked)
            _blockedSince = now;
    }

    /// <summary>How long it has waited for locked streams.</summary>
    public TimeSpan BlockedFor(TimeProvider clock) => clock.GetElapsedTime(_blockedSince);

    /// <summary>What is left of its waiting time; <see cref="Timeout.InfiniteTimeSpan"/> if there is no limit.</summary>
    public TimeSpan LeftOf(TimeSpan limit, TimeProvider clock)
    {
        if (limit == Timeout.InfiniteTimeSpan || _blockedSince == NotBlocked)
            return limit;

        var left = limit - BlockedFor(clock);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Waits for its outcome, or until its session is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The session was cancelled, and nothing is written.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The session was cancelled while the unit was being sent.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AppendOutcome> WaitAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        // What became of the unit counts, even if it is known only when the session gives up.
        await ((Task)Outcome.WaitAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Outcome.IsCompleted)
        {
            if (TryLeave())
                throw new OperationCanceledException(cancellationToken);

            // Others are in the same statement, whose outcome is usually near. A session that does not get it may save again without harm.
            await ((Task)Outcome.WaitAsync(CancellationGrace, clock, CancellationToken.None)).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing);
            if (!Outcome.IsCompleted)
                throw new CommitOutcomeUnknownException(new OperationCanceledException(cancellationToken));
        }

        return await Outcome.ConfigureAwait(false);
    }

    public void Complete(AppendOutcome outcome) => _outcome.TrySetResult(outcome);

    public void Fail(Exception failure)
    {
        // Observed here too: a cancelled session no longer looks.
        _outcome.TrySetException(failure);
        _ = _outcome.Task.Exception;
    }
}
