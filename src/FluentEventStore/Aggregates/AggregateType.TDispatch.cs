using FluentEventStore.Documents;

namespace FluentEventStore.Aggregates;

internal sealed class AggregateType<T, TDispatch>(string name, DocumentType? document) : AggregateType<T>(name, document)
    where T : class
    where TDispatch : struct, IAggregateDispatch<T>
{
    public override IReadOnlyList<Type> EventTypes => TDispatch.EventTypes;

    public override bool Handles(object data) => TDispatch.Handles(data);

    /// <inheritdoc/>
    /// <remarks>
    /// An aggregate that begins without an id gets the id of the stream that it is folded from, if that fits the type of its ids. The
    /// stream holds the event itself or a link to it.
    /// </remarks>
    public override T? Fold(T? aggregate, IEvent @event)
    {
        var folded = TDispatch.Fold(aggregate, @event);
        if (aggregate is null && folded is not null)
            Document?.IdentifyByStream(folded, @event.Link?.StreamId ?? @event.StreamId);

        return folded;
    }
}
