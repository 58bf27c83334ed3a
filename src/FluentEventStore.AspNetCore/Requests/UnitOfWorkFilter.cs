using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>Saves the unit of work of a request once its handler has succeeded, before its result is written.</summary>
internal sealed class UnitOfWorkFilter(string? key) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // Of several around one handler, the outermost saves: a filter between them may still refuse the request.
        var http = context.HttpContext;
        var units = RequestUnits.Of(http);
        var begins = units.TryBegin(key);
        if (!begins)
            units.CheckOpen(http.GetEndpoint());

        var hasSucceeded = false;
        try
        {
            var result = await next(context).ConfigureAwait(false);
            if (!HandlerOutcome.IsSuccess(result, http.Response))
                return result;

            if (begins)
                await RequestUnits.SaveAsync(http, key).ConfigureAwait(false);

            hasSucceeded = true;
            return result;
        }
        finally
        {
            RequestWork.Of(http).HasFailed |= !hasSucceeded;
            if (begins && !hasSucceeded)
                units.Close(http.GetEndpoint());
        }
    }
}
