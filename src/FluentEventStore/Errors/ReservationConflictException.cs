namespace FluentEventStore;

/// <summary>A value that was to be reserved is held by another stream of the tenant.</summary>
/// <remarks>
/// Nothing of the unit of work was written and the session is still usable. Also thrown when a deleted stream is to be undeleted, and what
/// it held is held by another one now. Saving again meets the same until that one releases the value.
/// </remarks>
public sealed class ReservationConflictException(string name, string value, StreamId owner, StreamId heldBy, TenantId tenantId)
    : FluentEventStoreException($"The {name} '{value}' cannot be reserved for stream '{owner}': stream '{heldBy}' holds it.")
{
    /// <summary>What the value is unique for, such as <c>email</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The value.</summary>
    public string Value { get; } = value;

    /// <summary>The stream that it was to be reserved for.</summary>
    public StreamId Owner { get; } = owner;

    /// <summary>The stream that holds it.</summary>
    public StreamId HeldBy { get; } = heldBy;

    /// <summary>The tenant of both.</summary>
    public TenantId TenantId { get; } = tenantId;
}
