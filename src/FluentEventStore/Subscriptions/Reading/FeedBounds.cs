namespace FluentEventStore.Subscriptions;

/// <summary>How much of the log is shared among those who read it at about the same place.</summary>
internal sealed record FeedBounds
{
    public static FeedBounds Default { get; } = new();

    /// <summary>
    /// How many positions from the settled one count as near. There all read the same pages; farther behind, each reads what the database
    /// finds for it.
    /// </summary>
    public long Near { get; init; } = 30_000;

    /// <summary>
    /// How many positions behind the beginning of a page that is being read somebody waits for it, in the hope that it gets so far.
    /// </summary>
    public long Join { get; init; } = 1_000;

    /// <summary>How many pages are read at once for those who are far behind, or whose queries only the database can judge.</summary>
    public int ReadsOfOthers { get; init; } = 2;

    /// <summary>How many events are handed out at once, if several pages are at hand.</summary>
    public int Events { get; init; } = 1_000;

    /// <summary>How many pages are kept, of those near the end and of the others each. Those near the end are often small.</summary>
    public int Pages { get; init; } = 64;

    /// <summary>How much memory they take, by estimate, of those near the end and of the others each.</summary>
    public long Bytes { get; init; } = 16 << 20;

    /// <summary>
    /// How long after it was read a page is handed out. Events can be masked and removed meanwhile, so it is short: what is masked is out
    /// of memory after it. And it is enough: who needs longer for a page reads less than one in this time if he reads alone.
    /// </summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a query counts that is not asked with near the end.</summary>
    public TimeSpan Interest { get; init; } = TimeSpan.FromMinutes(1);
}
