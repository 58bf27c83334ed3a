using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace FluentEventStore.AspNetCore;

/// <summary>Answers failures with problem details.</summary>
internal static class ProblemAnswers
{
    /// <summary>What a failure is answered with; <see langword="null"/> if that is not the library's to say.</summary>
    public static Problem? Find(HttpContext context, Exception failure)
    {
        // What a result could not show is no exception of the application's, even if it maps all of them.
        if (failure is UnshownException unshown)
            return unshown.Problem;

        var options = OptionsOf(context);
        if (ExceptionMapping.Find(options.Exceptions, failure) is { } mapping)
            return new Problem(mapping.StatusCode, mapping.Type, mapping.Title, failure.Message);

        if (KnownProblems.Of(failure) is not { } problem)
            return null;

        // The others say that nothing was carried out, or are taken for it.
        if (failure is not CommitOutcomeUnknownException && RequestWork.Judge(context) is { } written)
            return written;

        return HasPreconditions(context.Request) ? problem.AsPrecondition() : problem;
    }

    /// <summary>
    /// Answers a failure of an endpoint: by the first handler of exceptions among the services that does, otherwise with its problem.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="failure">What failed.</param>
    /// <param name="before">The headers that the answer had before the endpoint ran: what it set is not sent with the problem.</param>
    /// <returns>Whether it was answered.</returns>
    public static async Task<bool> TryAnswerAsync(HttpContext context, Exception failure, HeadersBefore before)
    {
        RequestWork.Of(context).HasFailed = true;
        if (HeadersBefore.IsTooLate(context.Response)
            || context.RequestAborted.IsCancellationRequested
            || Find(context, failure) is not { } problem)
            return false;

        before.Restore(context.Response);

        // As for the framework's own handler, it is an error unless a handler says what it is.
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        context.Features.Set<IExceptionHandlerFeature>(new Failure(failure, context));
        foreach (var handler in context.RequestServices.GetServices<IExceptionHandler>())
        {
            if (await handler.TryHandleAsync(context, failure, context.RequestAborted).ConfigureAwait(false))
                return true;
        }

        await WriteAsync(context, problem, failure).ConfigureAwait(false);
        return true;
    }

    public static async Task WriteAsync(HttpContext context, Problem problem, Exception? failure)
    {
        var response = context.Response;
        response.StatusCode = problem.StatusCode;
        var options = OptionsOf(context);
        if (problem.IsPassing)
            response.Headers.RetryAfter = ((long)Math.Ceiling(options.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        if (failure is not null)
            Log(context, problem, failure);

        var details = Describe(problem, options);
        if (context.RequestServices.GetService<IProblemDetailsService>() is { } service)
        {
            // If the client takes no JSON, the status must do.
            await service.TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = context,
                ProblemDetails = details,
                Exception = failure,
            }).ConfigureAwait(false);
            return;
        }

        if (!HttpMethods.IsHead(context.Request.Method))
            await WriteAsync(response, details, context.RequestAborted).ConfigureAwait(false);
    }

    private static void Log(HttpContext context, Problem problem, Exception failure)
    {
        if (ProblemLog.Of(context) is not { } log)
            return;

        // In an outage each request fails for the same reason: where it was met says nothing.
        if (problem.IsPassing)
            log.RequestPutOff(problem.StatusCode, problem.Title, failure.GetType().Name, failure.Message);
        else if (problem.StatusCode >= StatusCodes.Status500InternalServerError)
            log.RequestFailed(problem.StatusCode, problem.Title, failure);
        else
            log.RequestRefused(problem.StatusCode, problem.Title, failure);
    }

    private static ProblemDetails Describe(Problem problem, EventStoreWebOptions options)
    {
        var details = new ProblemDetails
        {
            Status = problem.StatusCode,
            Title = problem.Title,
            Detail = problem.Detail,
            Type = problem.Name is null || problem.Name.Contains(':', StringComparison.Ordinal)
                ? problem.Name
                : options.ProblemTypes + problem.Name,
        };
        foreach (var (name, value) in problem.Members)
            details.Extensions[name] = value;

        return details;
    }

    /// <summary>For an application that has no service for problem details: as the one of the framework writes.</summary>
    private static async Task WriteAsync(HttpResponse response, ProblemDetails details, CancellationToken cancellationToken)
    {
        response.ContentType = "application/problem+json";
        var writer = new Utf8JsonWriter(
            response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        await using var _ = writer.ConfigureAwait(false);
        writer.WriteStartObject();
        if (details.Type is not null)
            writer.WriteString("type", details.Type);

        writer.WriteString("title", details.Title);
        writer.WriteNumber("status", response.StatusCode);
        writer.WriteString("detail", details.Detail);
        foreach (var (name, value) in details.Extensions)
        {
            if (value is long number)
                writer.WriteNumber(name, number);
            else
                writer.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static bool HasPreconditions(HttpRequest request) =>
        request.Headers.ContainsKey(HeaderNames.IfMatch) || request.Headers.ContainsKey(HeaderNames.IfNoneMatch);

    private static EventStoreWebOptions OptionsOf(HttpContext context) =>
        context.RequestServices.GetService<EventStoreWebOptions>() ?? EventStoreWebOptions.Default;

    private sealed class Failure(Exception error, HttpContext context) : IExceptionHandlerPathFeature
    {
        public Exception Error { get; } = error;

        public string Path { get; } = context.Request.Path;

        public Endpoint? Endpoint { get; } = context.GetEndpoint();

        public Microsoft.AspNetCore.Routing.RouteValueDictionary? RouteValues { get; } = context.Request.RouteValues;
    }
}
