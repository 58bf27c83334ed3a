namespace FluentEventStore.Aggregates;

/// <summary>The natural key of a type of aggregates.</summary>
/// <param name="aggregate">The stored name of the aggregate.</param>
internal abstract class NaturalKey(string aggregate)
{
    /// <summary>The stored name of the aggregate.</summary>
    public string Aggregate { get; } = aggregate;

    /// <summary>The type of the keys.</summary>
    public abstract Type KeyType { get; }

    /// <inheritdoc cref="INaturalKeyDispatch{TKey}.EventTypes"/>
    public abstract IReadOnlyList<Type> EventTypes { get; }

    /// <summary>Whether there is a method for events with data of exactly this type.</summary>
    public abstract bool IsSetBy(Type dataType);

    /// <inheritdoc cref="INaturalKeyDispatch{TKey}.TryGetKey"/>
    public abstract bool TryGetKey(IEvent @event, out string? key);
}
