using FluentEventStore.Documents;

namespace FluentEventStore.Aggregates;

internal sealed class AggregateType<T, TDispatch>(string name, DocumentType? document) : AggregateType<T>(name, document)
    where T : class
    where TDispatch : struct, IAggregateDispatch<T>
{
    public override T? Fold(T? aggregate, IEvent @event) => TDispatch.Fold(aggregate, @event);
}
