namespace FluentEventStore;

/// <summary>
/// A stream was to be truncated beyond its end, or compacted up to a version whose event does not exist or is not read any more.
/// </summary>
/// <remarks>
/// Nothing was written and the session is still usable. The highest version to truncate before is the one after the last event.
/// </remarks>
public sealed class StreamTruncationException(StreamId streamId, long beforeVersion, long actual)
    : FluentEventStoreException(
        $"Stream '{streamId}' is at version {actual}: it cannot be truncated before version {beforeVersion} or compacted up to it. "
            + "Either that version is beyond its end, or the event is not read any more.")
{
    /// <summary>The stream.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>The lowest version that was to be kept, or that of the replacement.</summary>
    public long BeforeVersion { get; } = beforeVersion;

    /// <summary>The version that the stream is at.</summary>
    public long Actual { get; } = actual;
}
