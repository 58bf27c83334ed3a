using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace FluentEventStore.AspNetCore;

/// <summary>Writes answers with the headers that caches and conditional requests need.</summary>
internal static class AnswerWriter
{
    public const string Json = "application/json";

    private const string JsonInUtf8 = "application/json; charset=utf-8";

    /// <summary>Says what caches may do. With a problem that is answered instead, what the handler says does not count.</summary>
    public static void PrepareHeaders(HttpContext context, HeadersBefore before, string cacheControl)
    {
        var headers = context.Response.Headers;
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = cacheControl;

        var options = context.RequestServices.GetService<EventStoreWebOptions>() ?? EventStoreWebOptions.Default;
        foreach (var header in options.TenantSources.Select(static source => source.Header).OfType<string>())
        {
            if (!headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(header, StringComparer.OrdinalIgnoreCase))
                headers.Append(HeaderNames.Vary, header);
        }

        before.Set(HeaderNames.CacheControl, cacheControl);
        before.Set(HeaderNames.Vary, headers.Vary);
    }

    /// <exception cref="PreconditionFailedException">The client expects another state.</exception>
    public static async Task WriteAsync(HttpContext context, Answer answer, int statusCode)
    {
        var response = context.Response;
        // The conditions of others are the handler's to check.
        if (RequestWork.OnlyAsks(context.Request))
        {
            var preconditions = Preconditions.Of(context);
            preconditions.CheckMatch(answer.Version, answer.Tag);
            response.Headers.ETag = answer.Tag;
            if (preconditions.Knows(answer.Tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        response.Headers.ETag = answer.Tag;
        response.StatusCode = statusCode;
        response.ContentType = JsonInUtf8;
        response.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
