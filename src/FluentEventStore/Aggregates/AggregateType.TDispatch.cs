using FluentEventStore.Documents;

namespace FluentEventStore.Aggregates;

internal sealed class AggregateType<T, TDispatch>(string name, DocumentType? document) : AggregateType<T>(name, document)
    where T : class
    where TDispatch : struct, IAggregateDispatch<T>
{
    public override bool Handles(object data) => TDispatch.Handles(data);

    /// <inheritdoc/>
    /// <remarks>
    /// An aggregate that begins without an id gets that of the stream that it is folded from, which links to the event or has it itself,
    /// where the stream's id is one of its type.
    /// </remarks>
    public override T? Fold(T? aggregate, IEvent @event)
    {
        var folded = TDispatch.Fold(aggregate, @event);
        if (aggregate is null && folded is not null)
            Document?.IdentifyByStream(folded, @event.Link?.StreamId ?? @event.StreamId);

        return folded;
    }
}
