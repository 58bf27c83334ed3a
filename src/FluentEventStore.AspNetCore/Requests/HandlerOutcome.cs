using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace FluentEventStore.AspNetCore;

/// <summary>Whether a handler succeeded: the status below 400 that its result tells, or else that of the response.</summary>
internal static class HandlerOutcome
{
    /// <param name="result">What the handler of an endpoint returned; of an action, what it made of that.</param>
    /// <param name="response">The response, as far as the handler set it.</param>
    public static bool IsSuccess(object? result, HttpResponse response) => result is IActionResult action
        ? IsSuccess(action, response)
        : IsSuccess(StatusOf(result) ?? response.StatusCode);

    /// <param name="result">What the action of a controller returned.</param>
    /// <param name="response">The response, as far as the action set it.</param>
    public static bool IsSuccess(IActionResult? result, HttpResponse response) => IsSuccess(result switch
    {
        ForbidResult => StatusCodes.Status403Forbidden,
        ChallengeResult => StatusCodes.Status401Unauthorized,
        IStatusCodeActionResult { StatusCode: { } status } => status,
        ObjectResult { Value: ProblemDetails { Status: { } status } } => status,
        { } other when other.GetType().FullName == "Microsoft.AspNetCore.Mvc.HttpActionResult" => StatusOf(ResultOf(other)),
        _ => null,
    } ?? response.StatusCode);

    private static bool IsSuccess(int status) => status < StatusCodes.Status400BadRequest;

    /// <summary>The result of an endpoint that an action returned. The type that holds it is the framework's own.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Result")]
    private static extern IResult ResultOf(
        [UnsafeAccessorType("Microsoft.AspNetCore.Mvc.HttpActionResult, Microsoft.AspNetCore.Mvc.Core")] object result);

    private static int? StatusOf(object? result)
    {
        while (result is INestedHttpResult nested)
            result = nested.Result;

        return result switch
        {
            ForbidHttpResult => StatusCodes.Status403Forbidden,
            ChallengeHttpResult => StatusCodes.Status401Unauthorized,
            IStatusCodeHttpResult status => status.StatusCode,
            _ => null,
        };
    }
}
