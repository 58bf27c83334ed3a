using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Says which tenant a name in a request means, and whether the tenant may be worked for. Without one among the services, any text is a
/// tenant. Asked once a request.
/// </summary>
public interface ITenantResolver
{
    /// <summary>Resolves a name.</summary>
    /// <param name="name">What stands in the header, route, host or claim. It comes from outside: it may be anything.</param>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    ValueTask<TenantResolution> ResolveAsync(string name, HttpContext context, CancellationToken cancellationToken);
}
