namespace FluentEventStore;

/// <summary>
/// There is no such tenant: each has a database of its own, but this one has none, or the application knows no tenant of the name.
/// </summary>
/// <remarks>Nothing was written and the session is still usable: it can be saved again once the tenant has a database.</remarks>
public sealed class UnknownTenantException(TenantId tenantId) : FluentEventStoreException($"There is no tenant '{tenantId}'.")
{
    /// <summary>The tenant.</summary>
    public TenantId TenantId { get; } = tenantId;
}
