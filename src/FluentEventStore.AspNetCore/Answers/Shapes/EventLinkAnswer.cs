namespace FluentEventStore.AspNetCore;

/// <summary>The link through which an event of another stream was read, as answers show it.</summary>
/// <param name="StreamId">The stream that holds the link.</param>
/// <param name="Version">Where the link stands in that stream.</param>
/// <param name="Position">Where the link stands in the log.</param>
public sealed record EventLinkAnswer(string StreamId, long Version, long Position);
