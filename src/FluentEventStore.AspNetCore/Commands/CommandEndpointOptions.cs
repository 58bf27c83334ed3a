using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FluentEventStore.AspNetCore;

/// <summary>How a command endpoint finds its stream and what it does with it.</summary>
public sealed class CommandEndpointOptions
{
    /// <summary>Finds the stream that a command is for.</summary>
    /// <value>
    /// Default: the value <c>id</c> of the route; a Guid in any form is its lower-case form with hyphens. A failure to find one is thrown
    /// as a <see cref="BadHttpRequestException"/>, which is answered with 400.
    /// </value>
    public Func<HttpContext, StreamId> StreamOf
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(StreamOf));
            field = value;
        }
    } = OfRoute;

    /// <summary>Whether the route has to have a value <c>id</c>.</summary>
    internal bool IsOfRoute => StreamOf == OfRoute;

    /// <summary>Whether the command may begin a stream: it is decided over the initial state then.</summary>
    /// <value>Default: <see langword="false"/>, a stream without events is answered with 404.</value>
    public bool MayBegin { get; set; }

    /// <summary>
    /// How long a command is decided again if somebody else appends to the stream meanwhile. A client that sends a precondition is answered
    /// with 412 at once.
    /// </summary>
    /// <value>
    /// <see langword="null"/>: as long as a statement may run. Zero: not at all, the conflict is answered with 409. Default:
    /// <see langword="null"/>.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? RetryFor
    {
        get;
        set
        {
            if (value is { } limit && limit != Timeout.InfiniteTimeSpan)
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(RetryFor));

            field = value;
        }
    }

    /// <summary>The key of the store.</summary>
    /// <value>Default: <see langword="null"/>, the store without a key.</value>
    public string? Store { get; set; }

    private static StreamId OfRoute(HttpContext context) => Parse(context.GetRouteValue("id")?.ToString());

    private static StreamId Parse(string? text) =>
        StreamId.TryParse(Guid.TryParse(text, out var id) ? id.ToString() : text, provider: null, out var streamId)
            ? streamId
            : throw new BadHttpRequestException("The address names no stream.");
}
