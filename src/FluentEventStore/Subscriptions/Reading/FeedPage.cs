namespace FluentEventStore.Subscriptions;

/// <summary>A part of the settled log, as one query sees it.</summary>
/// <param name="After">The position after which it begins.</param>
/// <param name="ReadTo">The position up to which it was read, whether events passed or not.</param>
/// <param name="Events">
/// The events that passed, in the order of their positions. Others get the same objects: nobody may change them. One that cannot be read is
/// an <see cref="Serialization.UnreadableEvent"/>.
/// </param>
internal sealed record FeedPage(long After, long ReadTo, IReadOnlyList<IEvent> Events)
{
    /// <summary>How much memory its events take, by estimate.</summary>
    public long Bytes { get; init; }
}
