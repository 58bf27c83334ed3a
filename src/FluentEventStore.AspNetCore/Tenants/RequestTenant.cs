using Microsoft.Extensions.Primitives;

namespace FluentEventStore.AspNetCore;

/// <summary>What a name in a request turned out to be: a tenant, or the reason why there is none.</summary>
internal sealed class RequestTenant
{
    private readonly Exception? _failure;
    private readonly TenantId _tenantId;

    private RequestTenant(StringValues name, TenantId tenantId) => (Name, _tenantId) = (name, tenantId);

    private RequestTenant(StringValues name, Exception failure) => (Name, _failure) = (name, failure);

    /// <summary>That of requests to an application without tenants.</summary>
    public static RequestTenant Only { get; } = new(StringValues.Empty, TenantId.Default);

    /// <summary>What the request said.</summary>
    public StringValues Name { get; }

    /// <summary>The tenant.</summary>
    /// <exception cref="TenantMissingException">The request names none.</exception>
    /// <exception cref="UnknownTenantException">There is none of the name.</exception>
    /// <exception cref="TenantDisabledException">Nobody may work for it.</exception>
    public TenantId TenantId => _failure is null ? _tenantId : throw _failure;

    public static RequestTenant Missing(StringValues name) =>
        new(name, new TenantMissingException(name.Count == 0 ? null : name.ToString()));

    /// <summary>The tenant whose id is the name.</summary>
    public static RequestTenant Of(string name)
    {
        try
        {
            return new RequestTenant(name, new TenantId(name));
        }
        catch (ArgumentException)
        {
            return Missing(name);
        }
    }

    /// <summary>What a resolver says of a name.</summary>
    public static RequestTenant Of(string name, TenantResolution resolution) => resolution switch
    {
        { TenantId: null } => Of(name) is { _failure: null, _tenantId: var unknown }
            ? new RequestTenant(name, new UnknownTenantException(unknown))
            : Missing(name),
        { IsDisabled: true, TenantId: { } disabled } => new RequestTenant(name, new TenantDisabledException(disabled)),
        { TenantId: { } tenantId } => new RequestTenant(name, tenantId),
    };

    public bool Is(TenantId tenantId) => _failure is null && _tenantId == tenantId;
}
