using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Which page of the streams of its tenant a client asks for. A handler takes it as a parameter with
/// <see cref="AsParametersAttribute"/>: it is bound from the query of the request, and what is wrong in it is answered with 400.
/// </summary>
public sealed class StreamsQuery
{
    /// <summary>A text that the id starts with.</summary>
    /// <value>Default: <see langword="null"/>, any id.</value>
    [FromQuery(Name = "prefix")]
    public string? Prefix { get; init; }

    /// <summary>A text that the id contains.</summary>
    /// <value>Default: <see langword="null"/>, any id.</value>
    [FromQuery(Name = "search")]
    public string? Search { get; init; }

    /// <summary>The stored name of the aggregate that the streams were started for.</summary>
    /// <value>Default: <see langword="null"/>, any or none.</value>
    [FromQuery(Name = "aggregateType")]
    public string? AggregateType { get; init; }

    /// <summary>What the list is sorted by: the name of a <see cref="StreamSort"/>, in any case.</summary>
    /// <value>Default: <see cref="StreamSort.Id"/>.</value>
    [FromQuery(Name = "sortBy")]
    public string? SortBy { get; init; }

    /// <summary>Whether the highest comes first.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    [FromQuery(Name = "descending")]
    public bool? Descending { get; init; }

    /// <summary>Which page.</summary>
    /// <value>1 or more. Default: 1.</value>
    [FromQuery(Name = "page")]
    public int? Page { get; init; }

    /// <summary>How many streams a page has.</summary>
    /// <value>1 to <see cref="StreamQuery.MaxPageSize"/>. Default: 50.</value>
    [FromQuery(Name = "pageSize")]
    public int? PageSize { get; init; }

    /// <summary>What is asked of the store.</summary>
    /// <exception cref="BadHttpRequestException">Something is out of range, or a text that cannot be stored.</exception>
    internal StreamQuery Read()
    {
        if (Page < 1)
            throw new BadHttpRequestException("page is 1 or more.");

        if (PageSize is < 1 or > StreamQuery.MaxPageSize)
            throw new BadHttpRequestException($"pageSize is 1 to {StreamQuery.MaxPageSize}.");

        try
        {
            return new StreamQuery
            {
                Prefix = Prefix,
                Search = Search,
                AggregateType = AggregateType,
                SortBy = ReadSort(),
                Descending = Descending ?? false,
                PageNumber = Page ?? 1,
                PageSize = PageSize ?? 50,
            };
        }
        catch (ArgumentException unstorable)
        {
            throw new BadHttpRequestException(unstorable.Message, unstorable);
        }
    }

    private StreamSort ReadSort()
    {
        if (string.IsNullOrEmpty(SortBy))
            return StreamSort.Id;

        // A number would be read as a name too.
        return char.IsAsciiLetter(SortBy[0]) && Enum.TryParse<StreamSort>(SortBy, ignoreCase: true, out var sort) && Enum.IsDefined(sort)
            ? sort
            : throw new BadHttpRequestException($"sortBy is one of {string.Join(", ", Enum.GetNames<StreamSort>())}.");
    }
}
