namespace FluentEventStore.Events;

/// <summary>How large the pages are in which the log and streams are read.</summary>
internal sealed record PageBounds
{
    public static PageBounds Default { get; } = new();

    /// <summary>How many events of the log.</summary>
    public int LogEvents { get; init; } = 1000;

    /// <summary>
    /// How many events of the log for subscriptions that are carried: each page of theirs ends with a checkpoint, which waits for the disk.
    /// </summary>
    public int FeedEvents { get; init; } = 4000;

    /// <summary>How many events of a stream.</summary>
    public int StreamEvents { get; init; } = 500;

    /// <summary>
    /// How many positions of the log are looked at, whether their events pass or not. If the tables are in memory, that takes a tenth of a
    /// second at most.
    /// </summary>
    public long Positions { get; init; } = 30_000;

    /// <summary>The weight that ends a page, of 4 MB. The event that reaches it is the last one: a single event may be heavier.</summary>
    public long Weight { get; init; } = (4 << 20) / PageWeight.BytesOfUnit;
}
