namespace FluentEventStore.Events;

/// <summary>A stream that holds a value.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Version">The version that it was at when that was read; 0 if it has no events.</param>
internal readonly record struct HoldingStream(StreamId StreamId, long Version);
