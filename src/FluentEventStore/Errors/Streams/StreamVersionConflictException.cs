namespace FluentEventStore;

/// <summary>The stream was not at the version that the writer expected.</summary>
/// <remarks>Nothing was written and the session is still usable. Load the stream again and decide again.</remarks>
public sealed class StreamVersionConflictException(StreamId streamId, ExpectedVersion expected, long actual)
    : FluentEventStoreException($"Stream '{streamId}' is at version {actual}; {expected} was expected.")
{
    /// <summary>The stream that had moved.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>What the writer expected.</summary>
    public ExpectedVersion Expected { get; } = expected;

    /// <summary>The version that the stream was at; 0 if it has no events.</summary>
    public long Actual { get; } = actual;
}
