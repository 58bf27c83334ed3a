namespace FluentEventStore;

/// <summary>How far a range of a subscription is.</summary>
/// <param name="FirstSlice">Its first slice, of 64.</param>
/// <param name="LastSlice">Its last slice.</param>
/// <param name="State">What it does.</param>
/// <param name="Position">The position up to which it has handled events.</param>
/// <param name="Rate">How many positions it passes in a second, over its last pages; 0 if it has not moved for a minute.</param>
/// <param name="Owner">The process that carries it: machine and process id; <see langword="null"/> if none does.</param>
/// <param name="Epoch">Its epoch: the fencing token of its handlers.</param>
/// <param name="Failure">What keeps it from going on; <see langword="null"/> if nothing does.</param>
public sealed record SubscriptionRangeStatus(
    int FirstSlice,
    int LastSlice,
    SubscriptionState State,
    long Position,
    double Rate,
    string? Owner,
    long Epoch,
    SubscriptionFailure? Failure)
{
    /// <summary>
    /// The tenant that the range is of alone, since it was paused or rewound alone; <see langword="null"/> for the range of all others.
    /// </summary>
    public TenantId? TenantId { get; init; }

    /// <summary>Whether it stands where the log has not been yet: then it has not handled what is there.</summary>
    internal bool IsAheadOfLog { get; init; }
}
