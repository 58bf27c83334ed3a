using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The data of an event that was read but not decoded: keys have to be fetched first.</summary>
internal sealed record SealedEvent(EventType Type, EventMetadata Metadata, byte[] Json, IReadOnlyCollection<SubjectId> Missing)
{
    /// <summary>Stands for the event, with its metadata, in the order in which events were read.</summary>
    public IEvent AsEvent() => new RecordedEvent<SealedEvent>(this, Metadata);

    /// <summary>What such an event stands for; <see langword="null"/> of any other.</summary>
    public static SealedEvent? Of(IEvent @event) => (@event as RecordedEvent<SealedEvent>)?.Data;
}
