namespace FluentEventStore.AspNetCore;

/// <summary>A page of a list of streams, as answers show it.</summary>
/// <param name="Streams">The streams of the page; none beyond the last one.</param>
/// <param name="TotalCount">How many streams all pages have together.</param>
/// <param name="PageNumber">Which page it is; 1 is the first.</param>
/// <param name="PageSize">How many streams a page has, except the last.</param>
/// <param name="PageCount">How many pages there are.</param>
public sealed record StreamPageAnswer(
    IReadOnlyList<StreamAnswer> Streams, long TotalCount, int PageNumber, int PageSize, long PageCount);
