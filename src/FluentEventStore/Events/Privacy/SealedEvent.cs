using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The data of an event that was read but not decoded, because keys have to be fetched first.</summary>
internal sealed record SealedEvent(EventType Type, EventMetadata Metadata, byte[] Json, IReadOnlyCollection<SubjectId> Missing)
{
    /// <summary>An event that holds this in the place of the event, with its metadata.</summary>
    public IEvent AsEvent() => new RecordedEvent<SealedEvent>(this, Metadata);

    /// <summary>What such an event holds; <see langword="null"/> for any other event.</summary>
    public static SealedEvent? Of(IEvent @event) => (@event as RecordedEvent<SealedEvent>)?.Data;
}
