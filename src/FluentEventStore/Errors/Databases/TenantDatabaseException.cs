namespace FluentEventStore;

/// <summary>The connection string of a tenant cannot be used: it cannot be read, or contradicts the options of the store.</summary>
/// <remarks>Nothing was sent.</remarks>
public sealed class TenantDatabaseException(TenantId tenantId, string reason, Exception? innerException)
    : FluentEventStoreException($"The connection string of tenant '{tenantId}' cannot be used: {reason}", innerException)
{
    /// <summary>The tenant.</summary>
    public TenantId TenantId { get; } = tenantId;

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; } = reason;
}
