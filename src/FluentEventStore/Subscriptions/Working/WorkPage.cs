namespace FluentEventStore.Subscriptions;

/// <summary>A part of the log as it concerns one range.</summary>
/// <param name="After">The position after which it begins.</param>
/// <param name="ReadTo">The position up to which it was read.</param>
/// <param name="Items">The events of the range, in the order of their positions.</param>
internal sealed record WorkPage(long After, long ReadTo, IReadOnlyList<WorkItem> Items)
{
    /// <summary>How much memory an event takes, by estimate: all of them the same.</summary>
    public long BytesOfEvent { get; init; }

    /// <summary>The part of it with the first of its events.</summary>
    public WorkPage First(int count) =>
        Items.Count <= count ? this : this with { ReadTo = Items[count - 1].Position, Items = [.. Items.Take(count)] };
}
