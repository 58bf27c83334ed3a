namespace FluentEventStore.Events;

/// <summary>A change of a stream as a whole that waits in a session.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Verb">What is done to it.</param>
/// <param name="Version">As <see cref="StreamChange.Version"/>.</param>
/// <param name="Replacement">Of <see cref="StreamVerb.Compact"/>: the event that replaces others.</param>
internal readonly record struct PendingChange(PendingStream Stream, StreamVerb Verb, long Version = 0, PendingEvent? Replacement = null);
