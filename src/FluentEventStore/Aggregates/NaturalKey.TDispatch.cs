namespace FluentEventStore.Aggregates;

internal sealed class NaturalKey<TKey, TDispatch>(string aggregate) : NaturalKey<TKey>(aggregate)
    where TKey : notnull
    where TDispatch : struct, INaturalKeyDispatch<TKey>
{
    public override IReadOnlyList<Type> EventTypes => TDispatch.EventTypes;

    public override bool IsSetBy(Type dataType) => TDispatch.EventTypes.Any(type => type.IsAssignableFrom(dataType));

    public override bool TryGetKey(IEvent @event, out string? key) => TDispatch.TryGetKey(@event, out key);

    public override string TextOf(TKey key) => TDispatch.TextOf(key);
}
