namespace FluentEventStore.Aggregates;

internal abstract class NaturalKey<TKey>(string aggregate) : NaturalKey(aggregate)
    where TKey : notnull
{
    public sealed override Type KeyType => typeof(TKey);

    /// <inheritdoc cref="INaturalKeyDispatch{TKey}.TextOf"/>
    public abstract string TextOf(TKey key);
}
