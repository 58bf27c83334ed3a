namespace FluentEventStore.Events;

/// <summary>A part of the settled log.</summary>
/// <param name="Events">The events that pass the filter, in the order of their positions.</param>
/// <param name="ReadUpTo">
/// The position up to which the log is read, whether its events passed or not: that of an event, so that no event can get it or a lower one later.
/// </param>
internal readonly record struct LogPage(IReadOnlyList<IEvent> Events, long ReadUpTo);
