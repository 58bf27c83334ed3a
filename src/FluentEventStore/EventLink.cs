namespace FluentEventStore;

/// <summary>The link through which an event of another stream was read.</summary>
/// <param name="StreamId">The stream that holds the link.</param>
/// <param name="Version">Where the link stands in that stream: its events and links are numbered together, the first has version 1.</param>
/// <param name="Position">Where the link stands in the order of all events and links of the store.</param>
public sealed record EventLink(StreamId StreamId, long Version, long Position);
