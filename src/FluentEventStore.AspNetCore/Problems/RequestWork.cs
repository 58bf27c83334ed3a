using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.AspNetCore;

/// <summary>What a request has written so far: after that, a client must not be told that nothing was carried out.</summary>
internal sealed class RequestWork(HttpContext context)
{
    // The services of the request are being disposed when its sessions are.
    private readonly ILoggerFactory? _loggers = context.RequestServices.GetService<ILoggerFactory>();

    /// <summary>Whether a session of the request has written something.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Whether its handlers succeeded and all of its units of work are saved: what fails now is only how that is shown.</summary>
    public bool IsDone { get; set; }

    /// <summary>Whether a handler refused the request or threw: what it collected is lost, whatever the client is told.</summary>
    public bool HasFailed { get; set; }

    public static RequestWork Of(HttpContext context)
    {
        if (context.Features.Get<RequestWork>() is { } work)
            return work;

        work = new RequestWork(context);
        context.Features.Set(work);
        return work;
    }

    /// <summary>Whether a request only asks. Sent again it changes nothing, whatever it is told.</summary>
    public static bool OnlyAsks(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    public void Note(Commit commit) => HasWritten = true;

    /// <summary>Says in the log that a session ended with what nobody saved, unless the request failed.</summary>
    public void NoteAbandoned()
    {
        try
        {
            // An exception may be answered with a page, and a challenge with a redirection.
            var response = context.Response;
            if (response.StatusCode < StatusCodes.Status400BadRequest
                && !HasFailed
                && context.Features.Get<IExceptionHandlerFeature>() is null
                && !context.RequestAborted.IsCancellationRequested)
                ProblemLog.Of(_loggers)?.Abandoned(
                    context.Request.Method, context.GetEndpoint()?.DisplayName ?? context.Request.Path, response.StatusCode);
        }
        catch (ObjectDisposedException)
        {
            // The request has ended, and work that it left behind goes on. How it was answered says nothing about that.
        }
    }

    /// <summary>What a client is told of a failure instead; <see langword="null"/> if nothing was carried out, or it only asked.</summary>
    public static Problem? Judge(HttpContext context) => (Of(context), OnlyAsks(context.Request)) switch
    {
        ({ HasWritten: false }, _) or (_, true) => null,
        ({ IsDone: true }, _) => Problem.CarriedOut,
        _ => Problem.PartlyCarriedOut,
    };
}
