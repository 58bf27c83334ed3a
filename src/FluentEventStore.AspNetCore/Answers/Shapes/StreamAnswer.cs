namespace FluentEventStore.AspNetCore;

/// <summary>What is known of a stream itself, as answers show it.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Version">The version of its last event.</param>
/// <param name="Created">The timestamp of its first unit of work.</param>
/// <param name="LastAppended">The timestamp of its last unit of work.</param>
/// <param name="AggregateType">The name of the aggregate that it was started for; <see langword="null"/> if none was given.</param>
/// <param name="IsArchived">Whether it is archived.</param>
/// <param name="IsDeleted">Whether it is deleted, for the time being or for ever.</param>
/// <param name="IsTombstoned">Whether it is deleted for ever.</param>
/// <param name="TruncatedBefore">The lowest version that is still read.</param>
public sealed record StreamAnswer(
    string StreamId,
    long Version,
    DateTimeOffset Created,
    DateTimeOffset LastAppended,
    string? AggregateType,
    bool IsArchived,
    bool IsDeleted,
    bool IsTombstoned,
    long TruncatedBefore);
