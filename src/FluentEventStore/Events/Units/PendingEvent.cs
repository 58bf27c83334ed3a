using System.Diagnostics;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>An event that waits in a session. Its id is assigned once, so that saving again cannot write it twice.</summary>
internal sealed class PendingEvent(object data, EventType type, Guid id)
{
    private PendingStream? _stream;
    private Tag[] _ofData = type.TagsOf(data);
    private HashSet<Tag>? _added;

    public object Data { get; } = data;

    public EventType Type { get; } = type;

    public Guid Id { get; set; } = id;

    public Dictionary<string, string>? Headers { get; set; }

    /// <summary>Its own cause; <see langword="null"/> if it has that of its unit.</summary>
    public EventCause? Cause { get; set; }

    /// <summary>
    /// The tags of the event, each once: those of its properties, as of its last writing as JSON, and those that were added.
    /// </summary>
    public IEnumerable<Tag> Tags => _added is null ? _ofData : _ofData.Union(_added);

    public PendingStream Stream => _stream ?? throw new UnreachableException();

    /// <summary>Whether the event still waits: it is neither saved nor ejected.</summary>
    public bool IsPending { get; set; } = true;

    /// <summary>Where the event stands among those of the session for its stream: 1 is the first.</summary>
    public int Offset { get; private set; }

    /// <summary>Whether the event replaces others, instead of being appended.</summary>
    public bool StandsForOthers => Offset == 0;

    public void AddTag(Tag tag) => (_added ??= []).Add(tag);

    /// <summary>The JSON of the event as it is now, valid as long as the payloads are.</summary>
    /// <exception cref="EventSerializationException">
    /// The event has no JSON that the database can keep, or a property is no tag any more.
    /// </exception>
    public ReadOnlyMemory<byte> Encode(JsonWriter payloads)
    {
        TakeTags();
        return EventJson.Write(Type, Data, Stream.StreamId, payloads);
    }

    /// <summary>As <see cref="Encode"/>, for an event with personal data, which is encrypted later.</summary>
    /// <inheritdoc cref="Encode" path="/exception"/>
    public EventDraft Draft()
    {
        TakeTags();
        return EventDraft.Of(Type, Data, Stream.StreamId);
    }

    /// <summary>Assigns the event to a stream without appending it.</summary>
    public void Stand(PendingStream stream) => _stream = stream;

    /// <summary>Makes the event the next one that the session appends to a stream.</summary>
    public void Place(PendingStream stream)
    {
        _stream = stream;
        Offset = ++stream.Count;
        stream.Stage = StreamStage.Written;
    }

    // If an object still changes after the call, its tags are those of what is stored.
    private void TakeTags()
    {
        try
        {
            _ofData = Type.TagsOf(Data);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var location = new EventLocation(Type.Name, Type.Version, Stream.StreamId, Version: 0, Position: 0);
            throw new EventSerializationException(
                location, new JsonPlace("$", ""), $"A property cannot be a tag any more: {failure.Message}", failure);
        }
    }
}
