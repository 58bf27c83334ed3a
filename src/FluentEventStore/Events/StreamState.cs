namespace FluentEventStore;

/// <summary>What is known of a stream itself.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Version">The version of its last event, which is the number of its events.</param>
/// <param name="Created">The timestamp of its first unit of work: UTC, by the clock of its writer.</param>
/// <param name="LastAppended">The timestamp of its last unit of work: UTC, by the clock of its writer.</param>
/// <param name="AggregateType">The name of the aggregate that it was started for; <see langword="null"/> where none was said.</param>
/// <param name="IsArchived">Whether the stream is archived.</param>
public sealed record StreamState(
    StreamId StreamId, long Version, DateTimeOffset Created, DateTimeOffset LastAppended, string? AggregateType, bool IsArchived);
