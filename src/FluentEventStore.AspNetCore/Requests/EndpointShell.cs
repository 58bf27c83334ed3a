using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>What stands around an endpoint that works with a store: it finds the tenant first, and answers failures last.</summary>
internal static class EndpointShell
{
    public static RequestDelegate Around(RequestDelegate endpoint, string? key) => context => RunAsync(context, key, endpoint);

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
