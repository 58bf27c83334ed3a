namespace FluentEventStore;

/// <summary>An aggregate would get an id other than its stream's.</summary>
/// <remarks>
/// Nothing was written or added, and the session is still usable. Either the stream is not the one that was meant, or the event names the
/// id of something else.
/// </remarks>
public sealed class AggregateIdException(StreamId streamId, Type aggregateType, DocumentId aggregateId)
    : FluentEventStoreException(
        $"The {aggregateType.Name} of stream '{streamId}' would have the id '{aggregateId}', but an aggregate has the id of its stream.")
{
    /// <summary>The stream.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>The type of the aggregate.</summary>
    public Type AggregateType { get; } = aggregateType;

    /// <summary>The id that its events give the aggregate.</summary>
    public DocumentId AggregateId { get; } = aggregateId;
}
