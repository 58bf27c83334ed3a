namespace FluentEventStore;

/// <summary>The tenant exists, but nobody may work for it now.</summary>
/// <remarks>Nothing was read or written. Code of the application throws it, or answers it where it resolves tenants.</remarks>
public sealed class TenantDisabledException(TenantId tenantId) : FluentEventStoreException($"Tenant '{tenantId}' is disabled.")
{
    /// <summary>The tenant.</summary>
    public TenantId TenantId { get; } = tenantId;
}
