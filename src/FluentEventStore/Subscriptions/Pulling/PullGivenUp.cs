namespace FluentEventStore.Subscriptions;

/// <summary>An event that a consumer gave up, which is noted with the next checkpoint.</summary>
/// <param name="Item">The event.</param>
/// <param name="How">What becomes of it.</param>
/// <param name="Failure">Why.</param>
/// <param name="Attempts">How often it was delivered.</param>
/// <param name="Due">After how long it is to come again by itself; <see langword="null"/> if it is not.</param>
internal sealed record PullGivenUp(WorkItem Item, FailedEvent How, WorkFailure Failure, int Attempts, TimeSpan? Due = null)
{
    /// <summary>What was wanted of its key, as far as is known here; <see langword="null"/> if it was not replayed.</summary>
    public (long Count, long Drops)? Read { get; init; }
}
