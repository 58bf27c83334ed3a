namespace FluentEventStore;

/// <summary>A key of a subscription whose events wait, because one of them failed.</summary>
/// <param name="Subscription">The name of the subscription.</param>
/// <param name="TenantId">The tenant of the key.</param>
/// <param name="Key">The key: by default the id of the stream.</param>
/// <param name="Position">The position of the first event that waits: the one that failed.</param>
/// <param name="Since">Since when.</param>
public sealed record ParkedKey(string Subscription, TenantId TenantId, string Key, long Position, DateTimeOffset Since)
{
    /// <summary>Why it waits.</summary>
    public required SubscriptionFailure Failure { get; init; }

    /// <summary>Whether somebody wants its events to be replayed or dropped, and that is not done yet.</summary>
    public bool IsWanted { get; init; }
}
