using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>An event that waits in a session. Its id is assigned once, so that saving again cannot write it twice.</summary>
internal sealed class PendingEvent(object data, EventType type, Guid id)
{
    public object Data { get; } = data;

    public EventType Type { get; } = type;

    public Guid Id { get; set; } = id;

    public Dictionary<string, string>? Headers { get; set; }
}
