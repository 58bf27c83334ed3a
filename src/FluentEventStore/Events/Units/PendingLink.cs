namespace FluentEventStore.Events;

/// <summary>A link that waits in a session.</summary>
internal readonly record struct PendingLink(PendingStream Stream, Guid EventId);
