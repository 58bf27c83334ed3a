namespace FluentEventStore;

/// <summary>No stream has the natural key of the aggregate that was to be fetched for writing.</summary>
/// <remarks>Nothing was read and the session is still usable. A stream begins by its id, not by its key.</remarks>
public sealed class NaturalKeyNotFoundException(string aggregateType, string key)
    : FluentEventStoreException($"No stream has '{key}' as the natural key of '{aggregateType}'.")
{
    /// <summary>The stored name of the aggregate.</summary>
    public string AggregateType { get; } = aggregateType;

    /// <summary>The key as it is stored: a text as it is, a <see cref="Guid"/> in its form <c>D</c>, a number in digits.</summary>
    public string Key { get; } = key;
}
