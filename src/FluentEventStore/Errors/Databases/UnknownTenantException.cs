namespace FluentEventStore;

/// <summary>Tenants have databases of their own, and this one has none.</summary>
/// <remarks>Nothing was written and the session is still usable: once the tenant has a database it can be saved again.</remarks>
public sealed class UnknownTenantException(TenantId tenantId) : FluentEventStoreException($"Tenant '{tenantId}' has no database.")
{
    /// <summary>The tenant.</summary>
    public TenantId TenantId { get; } = tenantId;
}
