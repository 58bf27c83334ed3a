using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace FluentEventStore.Events;

/// <summary>What a unit wrote to a single stream, the usual case: a dictionary would take five times the memory.</summary>
internal sealed class OneStream(StreamId streamId, StreamCommit commit) : IReadOnlyDictionary<StreamId, StreamCommit>
{
    public int Count => 1;

    public IEnumerable<StreamId> Keys => [streamId];

    public IEnumerable<StreamCommit> Values => [commit];

    public StreamCommit this[StreamId key] => TryGetValue(key, out var found)
        ? found
        : throw new KeyNotFoundException($"The unit wrote nothing to stream '{key}'.");

    public bool ContainsKey(StreamId key) => key == streamId;

    public bool TryGetValue(StreamId key, [MaybeNullWhen(false)] out StreamCommit value)
    {
        value = key == streamId ? commit : default;
        return key == streamId;
    }

    public IEnumerator<KeyValuePair<StreamId, StreamCommit>> GetEnumerator()
    {
        yield return new(streamId, commit);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
