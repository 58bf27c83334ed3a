using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore;

/// <summary>The units of work of a request, one for each store: whoever begins one saves it.</summary>
internal sealed class RequestUnits
{
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);

    public static RequestUnits Of(HttpContext context)
    {
        if (context.Features.Get<RequestUnits>() is { } units)
            return units;

        units = new RequestUnits();
        context.Features.Set(units);
        return units;
    }

    /// <returns>Whether nobody has begun it before.</returns>
    public bool TryBegin(string? key) => _begun.Add(key ?? "");

    /// <summary>
    /// Sets for whom the sessions of the request work, before the first is opened: what the request says, then what the application sets
    /// for all scopes.
    /// </summary>
    public static async Task PrepareAsync(HttpContext context, string? key)
    {
        var tenant = await RequestTenants.ResolveAsync(context).ConfigureAwait(false);
        var tenantId = tenant.TenantId;
        var services = context.RequestServices;
        var options = services.GetRequiredKeyedService<IEventStoreSessions>(key).Options;
        if (services.GetService<EventStoreWebOptions>() is not null)
        {
            // RequestSessions has set them, as the first that does.
            RequestOrigin.NameUser(context, options);
            return;
        }

        RequestOrigin.Apply(context, options, tenantId);
        foreach (var configure in services.GetServices<IConfigureSessions>())
            configure.Configure(options);
    }

    /// <summary>Saves what the handler of a request collected.</summary>
    /// <exception cref="InvalidOperationException">
    /// The response has started, so that the client could not be told of a failure. Nothing is saved.
    /// </exception>
    public static async Task SaveAsync(HttpContext context, string? key)
    {
        var services = context.RequestServices;
        if (!services.GetRequiredKeyedService<IEventStoreSessions>(key).HasSession)
            return;

        // Among the services, the application may have put a session of its own around the one of the scope.
        var session = services.GetRequiredKeyedService<IDocumentSession>(key);
        if (!session.HasPendingChanges)
            return;

        if (context.Response.HasStarted)
            throw new InvalidOperationException(
                "The handler has started the response, so that a failure to save could not be told to the client: nothing was saved. "
                    + "Return a result instead, or call SaveChangesAsync before the response.");

        context.RequestAborted.ThrowIfCancellationRequested();
        var options = services.GetService<EventStoreWebOptions>() ?? EventStoreWebOptions.Default;
        await session.SaveChangesUntilKnownAsync(options.UnknownOutcomePatience, context.RequestAborted).ConfigureAwait(false);
    }
}
