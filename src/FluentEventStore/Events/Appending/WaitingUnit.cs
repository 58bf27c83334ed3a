namespace FluentEventStore.Events;

/// <summary>A unit on its way through the lanes.</summary>
internal sealed class WaitingUnit(EventUnit unit, CancellationToken cancellationToken)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Left = 2;

    private readonly TaskCompletionSource<AppendOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stage;

    public EventUnit Unit { get; } = unit;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>What became of the unit, once a lane has sent it.</summary>
    public Task<AppendOutcome> Outcome => _outcome.Task;

    /// <summary>Takes the unit for sending; <see langword="false"/> where its session has given it up.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _stage, Taken, Waiting) == Waiting;

    /// <summary>Gives the unit up; <see langword="false"/> where it is being sent already.</summary>
    public bool TryLeave() => Interlocked.CompareExchange(ref _stage, Left, Waiting) == Waiting;

    public void Complete(AppendOutcome outcome) => _outcome.TrySetResult(outcome);

    public void Fail(Exception failure)
    {
        // Observed here as well: a session that was cancelled no longer looks.
        _outcome.TrySetException(failure);
        _ = _outcome.Task.Exception;
    }
}
