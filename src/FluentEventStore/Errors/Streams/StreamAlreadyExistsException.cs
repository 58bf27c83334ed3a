namespace FluentEventStore;

/// <summary>A stream was to be started, but it already has events.</summary>
/// <remarks>Nothing was written and the session is still usable.</remarks>
public sealed class StreamAlreadyExistsException(StreamId streamId, long actual)
    : FluentEventStoreException($"Stream '{streamId}' cannot be started: it exists already, at version {actual}.")
{
    /// <summary>The stream that exists.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>The version that the stream is at, including events that wait in the session.</summary>
    public long Actual { get; } = actual;
}
