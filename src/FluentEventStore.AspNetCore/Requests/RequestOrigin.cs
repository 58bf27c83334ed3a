using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore;

/// <summary>Says for whom the sessions of a request work.</summary>
internal static class RequestOrigin
{
    /// <summary>
    /// Sets the tenant; the user; the trace of the request as the correlation, and its own span as the cause, so that each event leads to
    /// both. What the sessions save is noted.
    /// </summary>
    public static void Apply(HttpContext context, SessionOptions options, TenantId tenantId)
    {
        var web = context.RequestServices.GetService<EventStoreWebOptions>() ?? EventStoreWebOptions.Default;
        options.TenantId = tenantId;
        options.UserName = web.UserName(context.User);
        options.Idempotent = true;
        options.Saved = RequestWork.Of(context).Note;
        (options.CorrelationId, options.CausationId) = TraceOf(context);
    }

    // Without anybody who listens or logs, the server begins no activity, but the caller may still have sent its own.
    private static (string Correlation, string Causation) TraceOf(HttpContext context)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
            return (activity.TraceId.ToHexString(), activity.SpanId.ToHexString());

        return ActivityContext.TryParse(context.Request.Headers.TraceParent, traceState: null, out var caller)
            ? (caller.TraceId.ToHexString(), caller.SpanId.ToHexString())
            : (context.TraceIdentifier, context.TraceIdentifier);
    }
}
