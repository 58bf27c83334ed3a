using System.Diagnostics;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>An event that waits in a session. Its id is assigned once, so that saving again cannot write it twice.</summary>
internal sealed class PendingEvent(object data, EventType type, Guid id)
{
    private PendingStream? _stream;
    private HashSet<Tag>? _addedTo;

    public object Data { get; } = data;

    public EventType Type { get; } = type;

    public Guid Id { get; set; } = id;

    public Dictionary<string, string>? Headers { get; set; }

    /// <summary>The tags of the event, each once: those of its properties, and those that were added.</summary>
    public IReadOnlyCollection<Tag> Tags { get; private set; } = type.TagsOf(data);

    public PendingStream Stream => _stream ?? throw new UnreachableException();

    /// <summary>Whether the event still waits: it is neither saved nor ejected.</summary>
    public bool IsPending { get; set; } = true;

    /// <summary>Where the event stands among those of the session for its stream: 1 is the first.</summary>
    public int Offset { get; private set; }

    /// <summary>Whether the event takes the place of others, instead of being appended.</summary>
    public bool StandsForOthers => Offset == 0;

    public void AddTag(Tag tag)
    {
        Tags = _addedTo ??= [.. Tags];
        _addedTo.Add(tag);
    }

    /// <summary>The JSON of the event, valid as long as the payloads are.</summary>
    /// <exception cref="EventSerializationException">The event has no JSON that the database can keep.</exception>
    public ReadOnlyMemory<byte> Encode(JsonWriter payloads) => EventJson.Write(Type, Data, Stream.StreamId, payloads);

    /// <summary>Makes the event one of a stream that is not appended to it.</summary>
    public void Stand(PendingStream stream) => _stream = stream;

    /// <summary>Makes the event the next one of the session for a stream.</summary>
    public void Place(PendingStream stream)
    {
        _stream = stream;
        Offset = ++stream.Count;
        stream.Stage = StreamStage.Written;
    }
}
