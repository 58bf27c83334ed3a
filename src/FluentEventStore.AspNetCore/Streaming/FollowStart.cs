using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace FluentEventStore.AspNetCore;

/// <summary>Where a client goes on.</summary>
/// <param name="After">The events after this position are sent.</param>
/// <param name="Settled">How far the log could be read when the client came.</param>
internal readonly record struct FollowStart(long After, long Settled)
{
    private const string LastEventId = "Last-Event-ID";
    private const string Parameter = "after";
    private const string End = "end";

    /// <summary>What a client says about it, for descriptions of the application.</summary>
    public static IReadOnlyList<EndpointParameter> Parameters { get; } =
    [
        .. ((Action<string?, string?>)Describe).Method.GetParameters().Zip(
            (string[])[Parameter, LastEventId], static (parameter, name) => new EndpointParameter(parameter, name, isOptional: true)),
    ];

    /// <summary>Whether there is something to read at once.</summary>
    public bool IsBehind => After < Settled;

    /// <exception cref="BadHttpRequestException">What the client says is no position, or lies beyond the end of the log.</exception>
    public static async Task<FollowStart> FindAsync(HttpRequest request, IEventLog log, CancellationToken cancellationToken)
    {
        var after = Find(LastEventId, request.Headers[LastEventId]);
        if (after is null && request.Query[Parameter] is not [End])
            after = Find(Parameter, request.Query[Parameter]) ?? 0;

        var settled = await log.FetchSettledPositionAsync(cancellationToken).ConfigureAwait(false);
        if (after > settled)
            await CheckAsync(after.Value, log, cancellationToken).ConfigureAwait(false);

        return new FollowStart(after ?? settled, settled);
    }

    private static void Describe([FromQuery(Name = Parameter)] string? after, [FromHeader(Name = LastEventId)] string? lastEventId)
    {
    }

    private static long? Find(string name, StringValues values)
    {
        if (StringValues.IsNullOrEmpty(values))
            return null;

        return values is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw new BadHttpRequestException($"{name} is no position of the log: a number, 0 or more.");
    }

    // A standby may be behind what the client has read elsewhere.
    private static async Task CheckAsync(long after, IEventLog log, CancellationToken cancellationToken)
    {
        var status = await log.StatusAsync(cancellationToken).ConfigureAwait(false);
        if (!status.IsStandby && after > status.LastPosition)
            throw new BadHttpRequestException("The position lies beyond the end of the log: it is one of another log.");
    }
}
