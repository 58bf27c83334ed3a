namespace FluentEventStore.Events;

/// <summary>What a unit rests on: that no event matches a query beyond those that were seen.</summary>
/// <param name="Query">The query.</param>
/// <param name="Seen">Per clause: the highest position that was seen; 0 where there was none.</param>
internal sealed record PendingBoundary(TagQuery Query, long[] Seen)
{
    /// <summary>
    /// Takes what a unit that rested on this has written as seen: nobody else had written what matches by then, for the unit held the tags.
    /// </summary>
    public void Follow(Commit saved)
    {
        for (var index = 0; index < Seen.Length; index++)
            Seen[index] = Math.Max(Seen[index], saved.Position);
    }
}
