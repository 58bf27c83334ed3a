namespace FluentEventStore.Subscriptions;

/// <summary>What becomes of a parked key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Expected">The position that it waits from, as far as the worker knows.</param>
/// <param name="Next">The position that it waits from now on; 0 if nothing of it waits any more.</param>
/// <param name="Wish">How many more events are to be replayed; <see langword="null"/> if none are.</param>
internal sealed record ParkedMove(EventKey Key, long Expected, long Next, long? Wish)
{
    /// <summary>
    /// What was wanted of the key when that was read: how many events, and how many to be dropped. Somebody may want something else by now.
    /// </summary>
    public required (long Count, long Drops) Read { get; init; }

    /// <summary>Why it still waits; <see langword="null"/> if that is as before.</summary>
    public (WorkItem Item, WorkFailure Failure)? Failed { get; init; }

    /// <summary>An event that is dropped with that, and why; <see langword="null"/> if none is.</summary>
    public (WorkItem Item, string Reason)? Dropped { get; init; }
}
