namespace FluentEventStore.Events;

/// <summary>What a unit rests on: that no event matches a query beyond those that were seen.</summary>
/// <param name="Query">The query.</param>
/// <param name="Seen">Per clause: the highest position that was seen; 0 where there was none.</param>
internal sealed record PendingBoundary(TagQuery Query, long[] Seen);
