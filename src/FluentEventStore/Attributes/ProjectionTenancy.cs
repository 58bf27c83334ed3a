namespace FluentEventStore;

/// <summary>Whose events a view is derived from.</summary>
public enum ProjectionTenancy
{
    /// <summary>Each view has the events of one tenant, and is read by sessions of that tenant.</summary>
    Tenant,

    /// <summary>
    /// A view has the events of all tenants that share the database, and is read by sessions of <see cref="TenantId.Default"/>.
    /// </summary>
    Store,
}
