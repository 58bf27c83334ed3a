using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore;

/// <summary>What stands around an endpoint that works with a store: it finds the tenant first, and answers failures last.</summary>
internal static class EndpointShell
{
    public static RequestDelegate Around(RequestDelegate endpoint, string? key) => context => RunAsync(context, key, endpoint);

    /// <summary>Checks, when endpoints are built, that the store of one is there.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public static void CheckStore(IServiceProvider services, string? key)
    {
        if (services.GetService<IServiceProviderIsKeyedService>() is not { } known || known.IsKeyedService(typeof(IEventStore), key))
            return;

        throw new InvalidOperationException(key is null
            ? "An endpoint works with the event store without a key, and there is none: call builder.Services.AddFluentEventStore(), or "
                + "name the key of another store, as in WithUnitOfWork(key)."
            : $"An endpoint works with the event store '{key}', and there is none of this key: call "
                + $"builder.Services.AddKeyedFluentEventStore(\"{key}\").");
    }

    public static async Task RunAsync(HttpContext context, string? key, RequestDelegate endpoint)
    {
        var before = HeadersBefore.Of(context);
        try
        {
            await RequestUnits.PrepareAsync(context, key).ConfigureAwait(false);
            await endpoint(context).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (!await ProblemAnswers.TryAnswerAsync(context, failure, before).ConfigureAwait(false))
                throw;
        }
    }
}
