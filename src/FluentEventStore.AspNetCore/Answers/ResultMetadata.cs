using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace FluentEventStore.AspNetCore;

/// <summary>Says what an endpoint answers, for descriptions of its application such as OpenAPI.</summary>
internal static class ResultMetadata
{
    private const string ProblemJson = "application/problem+json";

    /// <param name="builder">The endpoint.</param>
    /// <param name="type">What a success shows.</param>
    /// <param name="problems">The statuses of what it answers instead.</param>
    public static void Add(EndpointBuilder builder, Type type, params ReadOnlySpan<int> problems)
    {
        Add(builder, type, AnswerWriter.Json, StatusCodes.Status200OK);
        AddProblem(builder, StatusCodes.Status400BadRequest);
        if (IsAsked(builder))
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
            AddProblem(builder, StatusCodes.Status412PreconditionFailed);
        }

        foreach (var status in problems)
            AddProblem(builder, status);
    }

    /// <param name="builder">The endpoint.</param>
    /// <param name="type">What a success shows.</param>
    /// <param name="contentType">As what it shows it.</param>
    /// <param name="status">The status of the success.</param>
    public static void Add(EndpointBuilder builder, Type type, string contentType, int status)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, type, [contentType]));

        // What the handler sets for its success is not sent with a problem.
        builder.FilterFactories.Add(static (_, next) => context =>
        {
            HeadersBefore.Of(context.HttpContext);
            return next(context);
        });
    }

    public static void AddProblem(EndpointBuilder builder, int status) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), [ProblemJson]));

    // An endpoint that names no methods takes all.
    private static bool IsAsked(EndpointBuilder builder) =>
        builder.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is not { HttpMethods: [_, ..] methods }
        || methods.Any(static method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
}
