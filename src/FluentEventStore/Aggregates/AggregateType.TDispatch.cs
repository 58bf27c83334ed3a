using FluentEventStore.Documents;

namespace FluentEventStore.Aggregates;

internal sealed class AggregateType<T, TDispatch>(string name, DocumentType? document) : AggregateType<T>(name, document)
    where T : class
    where TDispatch : struct, IAggregateDispatch<T>
{
    public override bool Handles(object data) => TDispatch.Handles(data);

    public override T? Fold(T? aggregate, IEvent @event)
    {
        var folded = TDispatch.Fold(aggregate, @event);
        if (aggregate is null && folded is not null)
            Document?.IdentifyByStream(folded, @event.StreamId);

        return folded;
    }
}
