namespace FluentEventStore.Aggregates;

/// <summary>An aggregate without an id, which is folded live only.</summary>
internal sealed class AggregateType<T, TDispatch>(string name) : AggregateType<T>(name, document: null)
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
