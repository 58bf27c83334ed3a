namespace FluentEventStore.Subscriptions;

/// <summary>Move the checkpoint of a pulled range, and write what was answered.</summary>
/// <param name="From">Where it is stored to be.</param>
/// <param name="To">Where it moves: never past what is not done.</param>
/// <param name="Last">An event at or before that; <see langword="null"/> if none was delivered since.</param>
/// <param name="GivenUp">Events that were given up.</param>
/// <param name="Moves">What becomes of parked keys that are replayed.</param>
internal sealed record PullCommit(
    long From, long To, WorkItem? Last, IReadOnlyList<PullGivenUp> GivenUp, IReadOnlyList<ParkedMove> Moves) : WorkStep
{
    /// <summary>
    /// Whether nothing was answered, and the checkpoint passes only over events that do not concern the range: it is written together with
    /// what others pass over, and may be put off.
    /// </summary>
    public bool IsFlush { get; init; }

    /// <summary>How many events it says are handled.</summary>
    public int Handled { get; init; }
}
