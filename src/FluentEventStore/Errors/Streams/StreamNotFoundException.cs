namespace FluentEventStore;

/// <summary>A stream was to be archived, deleted, truncated or otherwise changed as a whole, but it does not exist.</summary>
/// <remarks>
/// Nothing was written and the session is still usable. Reading and appending never throw this: a stream that does not exist has no events.
/// </remarks>
public sealed class StreamNotFoundException(StreamId streamId) : FluentEventStoreException($"Stream '{streamId}' does not exist.")
{
    /// <summary>The stream.</summary>
    public StreamId StreamId { get; } = streamId;
}
