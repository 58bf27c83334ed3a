namespace FluentEventStore.Subscriptions;

/// <summary>How a range of a pulled subscription is carried.</summary>
/// <param name="BufferSize">How many events are read ahead for consumers.</param>
/// <param name="CheckpointAfterCount">After how many answers the checkpoint is written.</param>
/// <param name="CheckpointAfter">After how long it is, if fewer came.</param>
/// <param name="MaxParkedKeys">How many keys may be parked.</param>
/// <param name="IsTransient">Whether nothing is stored.</param>
internal sealed record PullRules(
    int BufferSize, int CheckpointAfterCount, TimeSpan CheckpointAfter, int MaxParkedKeys, bool IsTransient = false)
{
    /// <summary>What becomes of an event that cannot be handed out.</summary>
    public FailedEvent Unreadable { get; init; }

    /// <summary>
    /// How many events may be in memory, done ones included that the checkpoint cannot pass yet. With more, nothing is read until the first
    /// of them is done.
    /// </summary>
    public int Window { get; init; } = Math.Max(1000, 2 * BufferSize);

    /// <summary>How much memory they may take, by estimate, before nothing more is read. A page is read whatever it takes.</summary>
    public long Bytes { get; init; } = 16 << 20;

    /// <summary>How long answers to what is out are waited for when the range goes to another process.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a retry is held in memory, and with it the checkpoint. A longer one is parked.</summary>
    public TimeSpan LongestHold { get; init; } = TimeSpan.FromSeconds(30);
}
