using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Finds the tenant of a request. What the request says may change until its user is known: each name is resolved once, and the sessions of
/// a request never work for a tenant that it does not name any more.
/// </summary>
internal sealed class RequestTenants
{
    // The request whose resolver runs in this flow.
    private static readonly AsyncLocal<HttpContext?> Resolving = new();

    private readonly HttpContext _context;
    private readonly EventStoreWebOptions _options;
    private RequestTenant? _known;
    private TenantId? _used;
    private bool _isUserKnown;

    private RequestTenants(HttpContext context, EventStoreWebOptions options) => (_context, _options) = (context, options);

    /// <summary>Finds the tenant where the user of the request is known, if there is one.</summary>
    /// <exception cref="InvalidOperationException">Sessions of the request work for another one.</exception>
    public static ValueTask<RequestTenant> ResolveAsync(HttpContext context)
    {
        if (Of(context) is not { } tenants)
            return new(RequestTenant.Only);

        tenants._isUserKnown = true;
        var resolving = tenants.ResolveAsync();
        return resolving.IsCompletedSuccessfully ? new(tenants.Checked(resolving.Result)) : CheckAsync(tenants, resolving);
    }

    /// <summary>The tenant of sessions that are opened now, by code that cannot wait.</summary>
    /// <exception cref="InvalidOperationException">It takes a wait, or is not known yet, or its resolver asks.</exception>
    public static TenantId Use(HttpContext context)
    {
        if (Of(context) is not { } tenants)
            return RequestTenant.Only.TenantId;

        var resolving = tenants.ResolveAsync();
        if (resolving.IsCompleted)
        {
            var tenantId = tenants.Checked(resolving.GetAwaiter().GetResult()).TenantId;
            tenants._used = tenantId;
            return tenantId;
        }

        // Its outcome is kept with the request; a failure is met by whoever asks next.
        _ = resolving.AsTask();
        throw new InvalidOperationException(
            "The tenant of the request is not resolved yet, and a session cannot wait for it. Call app.UseEventStoreTenants() behind "
                + "routing and authentication, or add WithUnitOfWork() to the endpoint.");
    }

    private static async ValueTask<RequestTenant> CheckAsync(RequestTenants tenants, ValueTask<RequestTenant> resolving) =>
        tenants.Checked(await resolving.ConfigureAwait(false));

    private static RequestTenants? Of(HttpContext context)
    {
        if (context.Features.Get<RequestTenants>() is { } tenants)
            return tenants;

        if (context.RequestServices.GetService<EventStoreWebOptions>() is not { TenantSources.Count: > 0 } options)
            return null;

        tenants = new RequestTenants(context, options);
        context.Features.Set(tenants);
        return tenants;
    }

    private ValueTask<RequestTenant> ResolveAsync()
    {
        if (Resolving.Value == _context)
            throw new InvalidOperationException(
                "The ITenantResolver, or something that it injects, asks for a session of the request whose tenant it is to resolve. "
                    + "Inject IEventStore instead, and open a session of a given tenant: store.OpenQuerySession(tenantId).");

        var name = FindName();

        // A page of errors that the request is led to may have another route.
        if (_known is not null && (name.Count == 0 || name == _known.Name))
            return new(_known);

        return name.Count == 1 ? AskAsync(name.ToString()) : new(RequestTenant.Missing(name));
    }

    private async ValueTask<RequestTenant> AskAsync(string name)
    {
        Resolving.Value = _context;
        _known = _context.RequestServices.GetService<ITenantResolver>() is { } resolver
            ? RequestTenant.Of(name, await resolver.ResolveAsync(name, _context, _context.RequestAborted).ConfigureAwait(false))
            : RequestTenant.Of(name);
        return _known;
    }

    /// <exception cref="InvalidOperationException">The user, who may still become known, comes before what names a tenant.</exception>
    private StringValues FindName()
    {
        var mayComeWithUser = false;
        foreach (var source in _options.TenantSources)
        {
            var name = source.Find(_context);
            if (StringValues.IsNullOrEmpty(name))
                mayComeWithUser |= source.IsOfUser;
            else if (mayComeWithUser && !_isUserKnown)
                throw new InvalidOperationException(
                    "A claim of the user comes first among the sources of the tenant, and it is not sure yet that the user has none. Open "
                        + "sessions where the user is known: behind app.UseEventStoreTenants(), which comes behind authentication, in "
                        + "endpoints with WithUnitOfWork(), or open one of a given tenant of IEventStore.");
            else
                return name;
        }

        return StringValues.Empty;
    }

    private RequestTenant Checked(RequestTenant tenant) => _used is not { } used || tenant.Is(used)
        ? tenant
        : throw new InvalidOperationException(
            $"A session of the request was opened for the tenant '{used}' before the user was known, and now the request is for "
                + "another. Open sessions behind authentication, or one of a given tenant of IEventStore.");
}
