using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Which state of an aggregate a client asks for: the current one, or one that it had. A handler takes it as a parameter with
/// <see cref="AsParametersAttribute"/>: it is bound from the query of the request, and what is wrong in it is answered with 400.
/// </summary>
public sealed class AggregateQuery
{
    /// <summary>The version of the last event that the state holds.</summary>
    /// <value>1 or more. Default: <see langword="null"/>, the last one of the stream.</value>
    [FromQuery(Name = "version")]
    public long? Version { get; init; }

    /// <summary>The time of the last event that the state may hold.</summary>
    /// <value>Default: <see langword="null"/>, any time.</value>
    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    /// <summary>The events to fold; <see langword="null"/> for all.</summary>
    /// <exception cref="BadHttpRequestException">The version is out of range.</exception>
    internal StreamRange? Read() => this switch
    {
        { Version: < 1 } => throw new BadHttpRequestException("version is 1 or more."),
        { Version: null, Until: null } => null,
        _ => new StreamRange { To = Version, Until = Until },
    };
}
