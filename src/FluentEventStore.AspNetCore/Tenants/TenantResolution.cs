namespace FluentEventStore.AspNetCore;

/// <summary>What a name in a request means.</summary>
public readonly record struct TenantResolution
{
    private TenantResolution(TenantId? tenantId, bool isDisabled) => (TenantId, IsDisabled) = (tenantId, isDisabled);

    /// <summary>There is no such tenant: the request is answered with 404. Also <see langword="default"/>.</summary>
    public static TenantResolution Unknown => default;

    /// <summary>The tenant; <see langword="null"/> if there is none of the name.</summary>
    public TenantId? TenantId { get; }

    /// <summary>Whether nobody may work for it now.</summary>
    public bool IsDisabled { get; }

    /// <summary>The tenant exists.</summary>
    public static TenantResolution Of(TenantId tenantId) => new(tenantId, isDisabled: false);

    /// <summary>The tenant exists, but nobody may work for it: the request is answered with 403.</summary>
    public static TenantResolution Disabled(TenantId tenantId) => new(tenantId, isDisabled: true);
}
