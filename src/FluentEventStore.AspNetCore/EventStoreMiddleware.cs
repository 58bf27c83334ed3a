using Microsoft.AspNetCore.Builder;

namespace FluentEventStore.AspNetCore;

/// <summary>Adds to the pipeline of an application.</summary>
public static class EventStoreMiddleware
{
    extension(IApplicationBuilder app)
    {
        /// <summary>
        /// Resolves the tenant of each request that reaches this place, so that sessions can be opened for it anywhere behind it. Needed
        /// only for endpoints without <c>WithUnitOfWork()</c>, where an <see cref="ITenantResolver"/> has to wait, or a claim is not the
        /// last source of the tenant. It comes behind routing and authentication: from here on, the user counts as known.
        /// </summary>
        /// <remarks>A request whose tenant is missing, unknown or disabled goes on: it is refused once it opens a session.</remarks>
        public IApplicationBuilder UseEventStoreTenants() => app.Use(static async (context, next) =>
        {
            await RequestTenants.ResolveAsync(context).ConfigureAwait(false);
            await next(context).ConfigureAwait(false);
        });
    }
}
