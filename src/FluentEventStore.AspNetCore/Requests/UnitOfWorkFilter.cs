using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>Saves the unit of work of a request once its handler has succeeded, before its result is written.</summary>
internal sealed class UnitOfWorkFilter(string? key) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // Of several around one handler, the outermost saves: a filter between them may still refuse the request.
        var begins = RequestUnits.Of(context.HttpContext).TryBegin(key);
        var result = await next(context).ConfigureAwait(false);
        if (begins && HandlerOutcome.IsSuccess(result, context.HttpContext.Response))
            await RequestUnits.SaveAsync(context.HttpContext, key).ConfigureAwait(false);

        return result;
    }
}
