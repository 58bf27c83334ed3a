using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore;

/// <summary>The units of work of a request, one for each store: whoever begins one saves it.</summary>
internal sealed class RequestUnits
{
    // Hardly any request has units of several stores.
    private string? _first;
    private HashSet<string>? _others;
    private int _saved;
    private Endpoint? _failed;

    public static RequestUnits Of(HttpContext context)
    {
        if (context.Features.Get<RequestUnits>() is { } units)
            return units;

        units = new RequestUnits();
        context.Features.Set(units);
        return units;
    }

    /// <returns>Whether nobody has begun it before.</returns>
    public bool TryBegin(string? key)
    {
        key ??= "";
        if (_first is null)
        {
            _first = key;
            return true;
        }

        return key != _first && (_others ??= new(StringComparer.Ordinal)).Add(key);
    }

    /// <summary>Keeps in mind that a unit of an endpoint ended without being saved. Its session holds what was collected.</summary>
    public void Close(Endpoint? endpoint) => _failed = endpoint;

    /// <exception cref="InvalidOperationException">A unit of the endpoint ended before: nobody would save it now.</exception>
    public void CheckOpen(Endpoint? endpoint)
    {
        if (endpoint is not null && endpoint == _failed)
            throw new InvalidOperationException(
                "A filter outside of the unit of work calls the handler again, whose session holds what it collected at first: nothing "
                    + "is saved. Leave trying again to the client, or have decisions made again by IEventStore.ExecuteAsync.");
    }

    /// <summary>
    /// Sets for whom the sessions of the request work, before the first is opened: what the request says, then what the application sets
    /// for all scopes.
    /// </summary>
    public static async Task PrepareAsync(HttpContext context, string? key)
    {
        var tenant = await RequestTenants.ResolveAsync(context).ConfigureAwait(false);

        // Throws if there is none: the handler is not called then.
        _ = tenant.TenantId;
        var services = context.RequestServices;
        var sessions = services.GetRequiredKeyedService<IEventStoreSessions>(key);
        var options = sessions.Options;
        if (services.GetService<EventStoreWebOptions>() is not null)
        {
            // RequestSessions has set them, as the first that does.
            RequestOrigin.NameUser(context, options);
        }
        else
        {
            // Requests name no tenant, but the application may have set one.
            RequestOrigin.Apply(context, options, options.TenantId);
            foreach (var configure in services.GetServices<IConfigureSessions>())
                configure.Configure(options);
        }

        RequestOrigin.Watch(context, options);

        // A session keeps what it was opened with.
        if (options.UserName is { } name && sessions is { HasSession: true, Session: { UserName: null } session })
            session.UserName = name;
    }

    /// <summary>Saves what the handler of a request collected in a unit that was begun.</summary>
    /// <exception cref="InvalidOperationException">
    /// The response has started, so that the client could not be told of a failure. Nothing is saved.
    /// </exception>
    public static async Task SaveAsync(HttpContext context, string? key)
    {
        var services = context.RequestServices;

        // Among the services, the application may have put a session of its own instead of the one of the scope, or around it.
        var session = services.GetRequiredKeyedService<IDocumentSession>(key);
        if (!session.HasPendingChanges)
        {
            Of(context).NoteSaved(context);
            return;
        }

        if (HeadersBefore.IsTooLate(context.Response))
            throw new InvalidOperationException(
                "The handler has started the response, so that a failure to save could not be told to the client: nothing was saved. "
                    + "Return a result instead, or call SaveChangesAsync before the response.");

        context.RequestAborted.ThrowIfCancellationRequested();
        var options = services.GetService<EventStoreWebOptions>() ?? EventStoreWebOptions.Default;
        var commit = await session.SaveChangesUntilKnownAsync(options.UnknownOutcomePatience, context.RequestAborted)
            .ConfigureAwait(false);
        RequestWork.Of(context).Note(commit);
        Of(context).NoteSaved(context);
    }

    private void NoteSaved(HttpContext context)
    {
        _saved++;
        RequestWork.Of(context).IsDone = _saved == 1 + (_others?.Count ?? 0);
    }
}
