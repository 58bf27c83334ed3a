namespace FluentEventStore;

/// <summary>
/// A stream was truncated, compacted, hidden or removed while it was read in pages: what is left of it does not belong to what was read.
/// </summary>
/// <remarks>Nothing of it is lost but what was removed on purpose. Read it again from its beginning.</remarks>
public sealed class StreamRewrittenException(StreamId streamId, long version)
    : FluentEventStoreException(
        $"The past of stream '{streamId}' changed while it was read, at version {version}: what is left does not belong to what was read. "
            + "Read it again.")
{
    /// <summary>The stream.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>The version up to which it was read, or down to which where it was read backwards.</summary>
    public long Version { get; } = version;
}
