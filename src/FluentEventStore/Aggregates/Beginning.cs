using FluentEventStore.Serialization;

namespace FluentEventStore.Aggregates;

/// <summary>Looks at the events that a stream of an aggregate begins with, before they are added to a unit.</summary>
internal static class Beginning
{
    /// <summary>
    /// Folds events until there is an aggregate, and checks that it has the id of the stream. Ids that are texts are left alone: a stream
    /// may be called <c>cart-7</c> and its cart <c>7</c>.
    /// </summary>
    /// <exception cref="AggregateIdException">It has another id.</exception>
    public static void Check(AggregateType type, TenantId tenantId, StreamId streamId, IEnumerable<object> events, DateTimeOffset timestamp)
    {
        if (type.Document is null || type.Document.IdType == typeof(string) || streamId.IsDefault)
            return;

        if (Fold(type, tenantId, streamId, events, timestamp) is { } aggregate)
            type.CheckId(aggregate, streamId);
    }

    private static object? Fold(
        AggregateType type, TenantId tenantId, StreamId streamId, IEnumerable<object> events, DateTimeOffset timestamp)
    {
        var version = 0L;
        try
        {
            foreach (var data in events)
            {
                // What is no event is refused where it is added.
                if (data is null || !EventCatalog.TryGet(data.GetType(), out var eventType))
                    return null;

                var metadata = new EventMetadata
                {
                    StreamId = streamId,
                    TenantId = tenantId,
                    Version = ++version,
                    Position = EventMetadata.Unassigned,
                    TypeName = eventType.Name,
                    TypeVersion = eventType.Version,
                    Timestamp = timestamp,
                };

                // Folds a copy, as it would be read: what a fold does to an event must not be stored.
                if (type.Fold(null, CopyOf(eventType, data, metadata)) is { } aggregate)
                    return aggregate;
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The fold needs what only a recorded event has, or fails on these events. Reading the stream will show which.
        }

        return null;
    }

    private static IEvent CopyOf(EventType type, object data, in EventMetadata metadata)
    {
        if (type.HoldsPersonalData)
            return EventDraft.Of(type, data, metadata.StreamId).Read(type, metadata);

        using var payload = new JsonWriter();
        return EventJson.Read(type, metadata, EventJson.Write(type, data, metadata.StreamId, payload).Span);
    }
}
