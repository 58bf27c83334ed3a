namespace FluentEventStore;

/// <summary>Each tenant has a database of its own, but this one has none.</summary>
/// <remarks>Nothing was written and the session is still usable: it can be saved again once the tenant has a database.</remarks>
public sealed class UnknownTenantException(TenantId tenantId) : FluentEventStoreException($"Tenant '{tenantId}' has no database.")
{
    /// <summary>The tenant.</summary>
    public TenantId TenantId { get; } = tenantId;
}
