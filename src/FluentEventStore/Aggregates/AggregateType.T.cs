using FluentEventStore.Documents;

namespace FluentEventStore.Aggregates;

internal abstract class AggregateType<T>(string name, DocumentType? document) : AggregateType(name, typeof(T), document)
    where T : class
{
    public abstract T? Fold(T? aggregate, IEvent @event);

    public sealed override object? Fold(object? aggregate, IEvent @event) => Fold((T?)aggregate, @event);
}
