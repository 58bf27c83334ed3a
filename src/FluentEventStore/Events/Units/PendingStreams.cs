using System.Diagnostics.CodeAnalysis;

namespace FluentEventStore.Events;

/// <summary>The streams that a session does something to, in the order of its calls.</summary>
internal sealed class PendingStreams
{
    // Mostly one or two: comparing a few is faster than hashing.
    private const int MostCompared = 8;

    private readonly List<PendingStream> _streams = new(1);
    private Dictionary<StreamId, PendingStream>? _byId;

    public int Count => _streams.Count;

    public PendingStream this[int index] => _streams[index];

    public bool TryGet(StreamId streamId, [NotNullWhen(true)] out PendingStream? stream)
    {
        if (_byId is not null)
            return _byId.TryGetValue(streamId, out stream);

        foreach (var known in _streams)
        {
            if (known.StreamId == streamId)
            {
                stream = known;
                return true;
            }
        }

        stream = null;
        return false;
    }

    /// <summary>Adds a new stream, and numbers it.</summary>
    public void Add(PendingStream stream)
    {
        _streams.Add(stream);
        stream.Ordinal = _streams.Count;
        if (_byId is not null)
            _byId.Add(stream.StreamId, stream);
        else if (_streams.Count > MostCompared)
            _byId = _streams.ToDictionary(static known => known.StreamId);
    }

    public void Clear()
    {
        _streams.Clear();
        _byId = null;
    }
}
