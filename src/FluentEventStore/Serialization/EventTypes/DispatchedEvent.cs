using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>What generated code takes out of an event for a method's parameters.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DispatchedEvent
{
    /// <summary>The event with its data as a base type or interface.</summary>
    /// <param name="event">The event.</param>
    /// <param name="data">Its data.</param>
    public static IEvent<T> Of<T>(IEvent @event, T data)
        where T : notnull =>
        // There is no variance for structs: a struct event is no IEvent<T> of its interfaces.
        @event as IEvent<T> ?? new RecordedEvent<T>(data, MetadataOf(@event));

    /// <summary>What is known of the event besides its data.</summary>
    public static EventMetadata MetadataOf(IEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return @event is IRecordedEvent recorded
            ? recorded.Metadata
            : new EventMetadata
            {
                Id = @event.Id,
                Position = @event.Position,
                StreamId = @event.StreamId,
                Version = @event.Version,
                TypeName = @event.TypeName,
                TypeVersion = @event.TypeVersion,
                Timestamp = @event.Timestamp,
                CorrelationId = @event.CorrelationId,
                CausationId = @event.CausationId,
                UserName = @event.UserName,
                Headers = @event.Headers,
                TenantId = @event.TenantId,
                Link = @event.Link,
            };
    }
}
