namespace FluentEventStore.Events;

/// <summary>
/// The version of a stream that a session read for a decision. Events that the session itself saves move it on; those of others do not, and
/// are a conflict.
/// </summary>
/// <param name="streamId">The stream.</param>
/// <param name="version">The version that it was read at.</param>
/// <param name="since">What the session had saved last by then.</param>
internal sealed class FetchedVersion(StreamId streamId, long version, SavedUnit since)
{
    private long _value = version;
    private SavedUnit _since = since;

    public StreamId StreamId { get; } = streamId;

    public long Value
    {
        get
        {
            while (_since.Next is { } next)
            {
                _since = next;
                if (next.Commit.Streams.TryGetValue(StreamId, out var stream) && stream.FirstVersion == _value + 1)
                    _value = stream.Version;
            }

            return _value;
        }
    }
}
