namespace FluentEventStore;

/// <summary>The stream is archived: it takes no events, and cannot be archived again.</summary>
/// <remarks>
/// Nothing was written and the session is still usable. Unarchive the stream first, in the same unit of work if you like.
/// </remarks>
public sealed class StreamArchivedException(StreamId streamId) : FluentEventStoreException($"Stream '{streamId}' is archived.")
{
    /// <summary>The stream.</summary>
    public StreamId StreamId { get; } = streamId;
}
