using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>What a failure is answered with.</summary>
/// <param name="StatusCode">The status.</param>
/// <param name="Name">
/// Its name among the types of problems, such as <c>stream-version-conflict</c>; a URI of the application if it has one.
/// </param>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Detail">What happened.</param>
internal sealed record Problem(int StatusCode, string? Name, string Title, string Detail)
{
    /// <summary>All that the request asked for is done, and then something failed.</summary>
    public static Problem CarriedOut { get; } = new(
        StatusCodes.Status500InternalServerError,
        "carried-out",
        "The outcome cannot be shown",
        "The request was carried out, but its outcome cannot be shown. Do not send it again.")
    {
        Members = [("outcome", "carried-out")],
    };

    /// <summary>The request wrote something before it failed.</summary>
    public static Problem PartlyCarriedOut { get; } = new(
        StatusCodes.Status500InternalServerError,
        "partly-carried-out",
        "The request failed in the middle",
        "Something that the request asked for was carried out before it failed. Look before you send it again.")
    {
        Members = [("outcome", "partly-carried-out")],
    };

    /// <summary>The data of the failure.</summary>
    public (string Name, object? Value)[] Members { get; init; } = [];

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsPassing { get; init; }

    /// <summary>As a precondition of the client that failed, if it is a conflict.</summary>
    public Problem AsPrecondition() => StatusCode == StatusCodes.Status409Conflict
        ? this with { StatusCode = StatusCodes.Status412PreconditionFailed }
        : this;
}
