namespace FluentEventStore.Subscriptions;

/// <summary>An event of a pulled subscription, from when it was read until the checkpoint has passed it.</summary>
/// <param name="item">The event.</param>
/// <param name="lane">The parked key that it is replayed for; <see langword="null"/> if it is none.</param>
/// <param name="attempts">How often it was delivered.</param>
internal sealed class PullEntry(WorkItem item, PullLane? lane = null, int attempts = 0)
{
    public WorkItem Item { get; } = item;

    public EventKey Key => Item.Key;

    public long Position => Item.Position;

    public PullLane? Lane { get; } = lane;

    public int Attempts { get; set; } = attempts;

    /// <summary>How much memory it takes, by estimate.</summary>
    public long Bytes { get; init; }

    /// <summary>Until when it goes out as it was read.</summary>
    public TimeSpan FreshTo { get; init; } = TimeSpan.MaxValue;

    public PullEntryState State { get; set; }

    /// <summary>Whether nobody has taken it yet.</summary>
    public bool IsUntaken => State is PullEntryState.Queued or PullEntryState.Ready && Attempts == 0;

    /// <summary>Whether a consumer has handled it.</summary>
    public bool IsHandled { get; set; }
}
