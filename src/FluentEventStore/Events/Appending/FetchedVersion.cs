namespace FluentEventStore.Events;

/// <summary>The version of a stream that a session read for a decision. What the session itself saves behind it moves it on; what others save does not, and is a conflict.</summary>
internal sealed class FetchedVersion(StreamId streamId, long version)
{
    public StreamId StreamId { get; } = streamId;

    public long Value { get; private set; } = version;

    public void Follow(Commit saved)
    {
        if (saved.Streams.TryGetValue(StreamId, out var stream) && stream.FirstVersion == Value + 1)
            Value = stream.Version;
    }
}
