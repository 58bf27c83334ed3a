using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Which page of the events of a stream a client asks for. A handler takes it as a parameter with
/// <see cref="AsParametersAttribute"/>: it is bound from the query of the request, and what is wrong in it is answered with 400.
/// </summary>
public sealed class EventsQuery
{
    /// <summary>The largest page.</summary>
    public const int LargestMaxCount = 1000;

    /// <summary>The version at which the page begins: the lowest one, or backwards the highest.</summary>
    /// <value>1 or more. Default: the first event, or backwards the last.</value>
    [FromQuery(Name = "from")]
    public long? From { get; init; }

    /// <summary>How many events the page has at most. It may have fewer, although there are more, if they are large.</summary>
    /// <value>1 to <see cref="LargestMaxCount"/>. Default: 100.</value>
    [FromQuery(Name = "maxCount")]
    public int? MaxCount { get; init; }

    /// <summary>Whether the highest version comes first.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    [FromQuery(Name = "backwards")]
    public bool? Backwards { get; init; }

    /// <summary>What the page before has as <c>next</c>: it says where to go on and in which direction, whatever else is asked.</summary>
    /// <value>Default: <see langword="null"/>, the first page.</value>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>Where the page begins, and how many events it has.</summary>
    /// <exception cref="BadHttpRequestException">Something is out of range, or the cursor is none.</exception>
    internal (EventCursor Start, int MaxCount) Read()
    {
        if (MaxCount is < 1 or > LargestMaxCount)
            throw new BadHttpRequestException($"maxCount is 1 to {LargestMaxCount}.");

        if (From < 1)
            throw new BadHttpRequestException("from is 1 or more.");

        var isBackwards = Backwards ?? false;
        var start = string.IsNullOrEmpty(Cursor)
            ? new EventCursor(From ?? (isBackwards ? long.MaxValue : 1), isBackwards)
            : EventCursor.Find(Cursor) ?? throw new BadHttpRequestException("cursor is not what a page has as next.");
        return (start, MaxCount ?? 100);
    }
}
