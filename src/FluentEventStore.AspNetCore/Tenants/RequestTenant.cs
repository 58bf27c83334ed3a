using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore;

/// <summary>The tenant of a request, resolved once.</summary>
internal sealed class RequestTenant
{
    private static readonly RequestTenant Only = new(TenantId.Default);

    private readonly Exception? _failure;
    private readonly TenantId _tenantId;

    private RequestTenant(TenantId tenantId) => _tenantId = tenantId;

    private RequestTenant(Exception failure) => _failure = failure;

    /// <summary>The tenant.</summary>
    /// <exception cref="TenantMissingException">The request names none.</exception>
    /// <exception cref="UnknownTenantException">There is none of the name.</exception>
    /// <exception cref="TenantDisabledException">Nobody may work for it.</exception>
    public TenantId TenantId => _failure is null ? _tenantId : throw _failure;

    /// <summary>Resolves the tenant of a request, if that was not done before.</summary>
    public static ValueTask<RequestTenant> ResolveAsync(HttpContext context)
    {
        var options = context.RequestServices.GetService<EventStoreWebOptions>() ?? EventStoreWebOptions.Default;
        if (options.TenantSources.Count == 0)
            return new(Only);

        if (context.Features.Get<RequestTenant>() is { } known)
            return new(known);

        var name = options.TenantSources.Select(source => source.Find(context)).FirstOrDefault(static name => !string.IsNullOrEmpty(name));
        if (name is null)
            return new(Keep(context, new RequestTenant(new TenantMissingException(name: null))));

        return context.RequestServices.GetService<ITenantResolver>() is { } resolver
            ? AskAsync(context, resolver, name)
            : new(Keep(context, TryParse(name)));
    }

    /// <summary>The tenant of a request, for code that cannot wait.</summary>
    /// <exception cref="InvalidOperationException">Resolving it takes a wait.</exception>
    public static RequestTenant Resolve(HttpContext context)
    {
        var resolving = ResolveAsync(context);
        if (resolving.IsCompleted)
            return resolving.GetAwaiter().GetResult();

        // Its outcome is kept with the request; a failure is met by whoever asks next.
        _ = resolving.AsTask();
        throw new InvalidOperationException(
            "The tenant of the request is not resolved yet, and a session cannot wait for it. Call app.UseEventStoreTenants() behind "
                + "routing and authentication, or add WithUnitOfWork() to the endpoint.");
    }

    private static async ValueTask<RequestTenant> AskAsync(HttpContext context, ITenantResolver resolver, string name)
    {
        var resolution = await resolver.ResolveAsync(name, context, context.RequestAborted).ConfigureAwait(false);
        return Keep(context, resolution switch
        {
            { TenantId: null } => TryParse(name) is { _failure: null, _tenantId: var unknown }
                ? new RequestTenant(new UnknownTenantException(unknown))
                : new RequestTenant(new TenantMissingException(name)),
            { IsDisabled: true, TenantId: { } disabled } => new RequestTenant(new TenantDisabledException(disabled)),
            { TenantId: { } tenantId } => new RequestTenant(tenantId),
        });
    }

    private static RequestTenant TryParse(string name)
    {
        try
        {
            return new RequestTenant(new TenantId(name));
        }
        catch (ArgumentException)
        {
            return new RequestTenant(new TenantMissingException(name));
        }
    }

    private static RequestTenant Keep(HttpContext context, RequestTenant tenant)
    {
        context.Features.Set(tenant);
        return tenant;
    }
}
