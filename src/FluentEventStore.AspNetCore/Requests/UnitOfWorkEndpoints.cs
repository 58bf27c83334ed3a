using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>Makes requests units of work.</summary>
public static class UnitOfWorkEndpoints
{
    extension<TBuilder>(TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>
        /// Saves the session of each request to the endpoint, or to the endpoints of the group, after the handler succeeded and before the
        /// response starts. Nothing is saved if the handler throws or answers with a status of 400 or more, and if the client has gone.
        /// </summary>
        /// <returns>This.</returns>
        /// <remarks>
        /// <para>
        /// The session works for the tenant and the user of the request; the events carry its trace and its span as correlation and
        /// causation. If the outcome of the save is unknown, the same unit is saved again for
        /// <see cref="EventStoreWebOptions.UnknownOutcomePatience"/>.
        /// </para>
        /// <para>
        /// Exceptions of the store become problem details: a conflict 409, or 412 if the client sent a precondition. On an endpoint and on
        /// its group, it is one unit, saved by the outer one. What a result does to the session while it is written is not saved.
        /// </para>
        /// </remarks>
        public TBuilder WithUnitOfWork() => Add(builder, key: null);

        /// <inheritdoc cref="WithUnitOfWork{TBuilder}(TBuilder)"/>
        /// <param name="key">
        /// The key of the store. Sessions of other stores are not saved. A key that no store has fails when the endpoints are built, which
        /// is when the first request is routed.
        /// </param>
        public TBuilder WithUnitOfWork(string key)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(key);
            return Add(builder, key);
        }
    }

    private static TBuilder Add<TBuilder>(TBuilder builder, string? key)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.AddEndpointFilter(new UnitOfWorkFilter(key));
        builder.Finally(endpoint =>
        {
            EndpointShell.CheckStore(endpoint.ApplicationServices, key);
            if (endpoint.RequestDelegate is { } inner)
                endpoint.RequestDelegate = EndpointShell.Around(context => RunAsync(context, key, inner), key);
        });
        return builder;
    }

    // Where no filter of endpoints has run, as on pages and hubs, the unit has not begun yet.
    private static async Task RunAsync(HttpContext context, string? key, RequestDelegate endpoint)
    {
        await endpoint(context).ConfigureAwait(false);
        if (RequestUnits.Of(context).TryBegin(key) && HandlerOutcome.IsSuccess((object?)null, context.Response))
            await RequestUnits.SaveAsync(context, key).ConfigureAwait(false);
    }
}
