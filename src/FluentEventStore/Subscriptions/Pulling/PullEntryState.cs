namespace FluentEventStore.Subscriptions;

/// <summary>What an event of a pulled subscription is waiting for.</summary>
internal enum PullEntryState
{
    /// <summary>Earlier ones of its key.</summary>
    Queued,

    /// <summary>A consumer.</summary>
    Ready,

    /// <summary>The answer.</summary>
    Out,

    /// <summary>The time of its next delivery.</summary>
    Held,

    /// <summary>The checkpoint: it is done, or waits in the row of its parked key.</summary>
    Done,

    /// <summary>Nothing: the range is another's, or was read anew.</summary>
    Withdrawn,
}
