namespace FluentEventStore;

/// <summary>
/// A stream was truncated, compacted, hidden or removed while it was read in pages. What is left of it does not belong to what was read.
/// </summary>
/// <remarks>Only what was removed on purpose is lost. Read it again from its beginning.</remarks>
public sealed class StreamRewrittenException(StreamId streamId, long version)
    : FluentEventStoreException(
        $"The past of stream '{streamId}' changed while it was read; the reader had reached version {version}. "
            + "Read the stream again from its beginning.")
{
    /// <summary>The stream.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>The version up to which it was read; if it was read backwards, down to which.</summary>
    public long Version { get; } = version;
}
