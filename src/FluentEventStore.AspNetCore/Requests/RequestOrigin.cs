using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore;

/// <summary>Says for whom the sessions of a request work.</summary>
internal static class RequestOrigin
{
    /// <summary>
    /// Sets the tenant; the user; the trace of the request as the correlation, and its own span as the cause, so that each event leads to
    /// both. What the sessions save is noted, and what they leave unsaved.
    /// </summary>
    /// <exception cref="UserNameException">The name of the user cannot be stored.</exception>
    public static void Apply(HttpContext context, SessionOptions options, TenantId tenantId)
    {
        options.TenantId = tenantId;
        options.UserName = null;
        options.Idempotent = true;
        var work = RequestWork.Of(context);
        (options.Saved, options.Abandoned) = (work.Note, work.NoteAbandoned);
        (options.CorrelationId, options.CausationId) = TraceOf(context);
        if (!TryNameUser(context, options))
            Nameless.Of(context).Add(options);
    }

    /// <summary>Has what sessions save noted, also where the application is told of it.</summary>
    public static void Watch(HttpContext context, SessionOptions options)
    {
        Action<Commit> note = RequestWork.Of(context).Note;
        if (options.Saved is not { } told || (told != note && !told.GetInvocationList().Contains(note)))
            options.Saved = note + options.Saved;
    }

    /// <summary>Adds the user to options that were set before the user was known, unless the application has named one.</summary>
    /// <exception cref="UserNameException">The name of the user cannot be stored.</exception>
    public static void NameUser(HttpContext context, SessionOptions options)
    {
        if (context.Features.Get<Nameless>() is { } nameless && nameless.Remove(options) && options.UserName is null)
            TryNameUser(context, options);
    }

    private static bool TryNameUser(HttpContext context, SessionOptions options)
    {
        var web = context.RequestServices.GetService<EventStoreWebOptions>() ?? EventStoreWebOptions.Default;
        if (web.UserName(context.User) is not { } name)
            return false;

        try
        {
            options.UserName = name;
        }
        catch (ArgumentException failure)
        {
            throw new UserNameException(failure);
        }

        return true;
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

    /// <summary>Options of a request that were set while nobody was known.</summary>
    private sealed class Nameless : HashSet<SessionOptions>
    {
        public static Nameless Of(HttpContext context)
        {
            if (context.Features.Get<Nameless>() is { } nameless)
                return nameless;

            nameless = [];
            context.Features.Set(nameless);
            return nameless;
        }
    }
}
