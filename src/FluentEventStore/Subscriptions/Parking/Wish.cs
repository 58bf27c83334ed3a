namespace FluentEventStore.Subscriptions;

/// <summary>What somebody wants of a parked key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Position">The position that it waits from.</param>
/// <param name="Count">How many of its events are to be handled.</param>
/// <param name="Drops">How many of its events are to be dropped before that.</param>
/// <param name="Reason">Why they are dropped.</param>
internal sealed record Wish(EventKey Key, long Position, long Count, long Drops, string? Reason)
{
    /// <summary>How often its first event was tried.</summary>
    public int Attempts { get; init; }
}
