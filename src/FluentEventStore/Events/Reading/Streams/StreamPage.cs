using System.Globalization;

namespace FluentEventStore;

/// <summary>A page of a list of streams.</summary>
/// <param name="Streams">The streams of the page; none beyond the last one.</param>
/// <param name="TotalCount">How many streams all pages have together.</param>
/// <param name="PageNumber">Which page it is; 1 is the first.</param>
/// <param name="PageSize">How many streams a page has, except the last.</param>
public sealed record StreamPage(IReadOnlyList<StreamState> Streams, long TotalCount, int PageNumber, int PageSize)
{
    /// <summary>How many pages there are; 0 if there is no stream.</summary>
    public long PageCount => (TotalCount + PageSize - 1) / PageSize;

    /// <summary>Which page it is, and the ids of its streams.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Page {PageNumber} of {PageCount}, {TotalCount} streams in all: {string.Join(
            ", ", Streams.Select(static stream => stream.StreamId))}");
}
