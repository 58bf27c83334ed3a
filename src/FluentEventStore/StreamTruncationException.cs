namespace FluentEventStore;

/// <summary>A stream is to be truncated beyond its end.</summary>
/// <remarks>Nothing was written and the session is still usable. The highest version to truncate before is the one after the last event.</remarks>
public sealed class StreamTruncationException(StreamId streamId, long beforeVersion, long actual)
    : FluentEventStoreException($"Stream '{streamId}' cannot be truncated before version {beforeVersion}: it is at version {actual}.")
{
    /// <summary>The stream.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>The lowest version that was to be kept.</summary>
    public long BeforeVersion { get; } = beforeVersion;

    /// <summary>The version that the stream is at.</summary>
    public long Actual { get; } = actual;
}
