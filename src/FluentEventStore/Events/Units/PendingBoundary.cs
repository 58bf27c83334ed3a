namespace FluentEventStore.Events;

/// <summary>What a unit rests on: that no event matches a query beyond those that were seen.</summary>
/// <param name="Query">The query.</param>
/// <param name="Seen">Per clause: the highest position that was seen; 0 if there was none.</param>
internal sealed record PendingBoundary(TagQuery Query, long[] Seen)
{
    /// <summary>
    /// Takes as seen what a unit that rested on this has written: it held the tags, so nobody else can have written a match before.
    /// </summary>
    public void Follow(Commit saved)
    {
        for (var index = 0; index < Seen.Length; index++)
            Seen[index] = Math.Max(Seen[index], saved.Position);
    }
}
