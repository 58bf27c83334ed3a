namespace FluentEventStore;

/// <summary>An event was to give an aggregate a natural key that another stream of the tenant has.</summary>
/// <remarks>
/// Nothing of the unit of work was written and the session is still usable. Also thrown when a deleted stream is to be undeleted, and its
/// key is that of another one now. Saving again meets the same until that one has another key.
/// </remarks>
public sealed class DuplicateNaturalKeyException(string aggregateType, string key, StreamId streamId, StreamId heldBy, TenantId tenantId)
    : FluentEventStoreException(
        $"Stream '{streamId}' cannot have '{key}' as the natural key of '{aggregateType}': stream '{heldBy}' has it.")
{
    /// <summary>The stored name of the aggregate.</summary>
    public string AggregateType { get; } = aggregateType;

    /// <summary>The key as it is stored: a text as it is, a <see cref="Guid"/> in its form <c>D</c>, a number in digits.</summary>
    public string Key { get; } = key;

    /// <summary>The stream that was to get the key.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>The stream that has it.</summary>
    public StreamId HeldBy { get; } = heldBy;

    /// <summary>The tenant of both.</summary>
    public TenantId TenantId { get; } = tenantId;
}
