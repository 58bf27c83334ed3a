namespace FluentEventStore;

/// <summary>The stream is deleted: it takes no events.</summary>
/// <remarks>
/// Nothing was written and the session is still usable. A deleted stream can be undeleted, a tombstoned one is gone for ever.
/// </remarks>
public sealed class StreamDeletedException(StreamId streamId, bool isTombstoned)
    : FluentEventStoreException($"Stream '{streamId}' is {(isTombstoned ? "tombstoned: its name can never be used again" : "deleted")}.")
{
    /// <summary>The stream.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>Whether the stream was tombstoned, so that it cannot be undeleted.</summary>
    public bool IsTombstoned { get; } = isTombstoned;
}
