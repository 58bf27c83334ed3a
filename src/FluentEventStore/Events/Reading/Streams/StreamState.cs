namespace FluentEventStore;

/// <summary>What is known of a stream itself.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Version">The version of its last event, which is the number of events that were ever appended to it.</param>
/// <param name="Created">The timestamp of its first unit of work: UTC, by the clock of its writer.</param>
/// <param name="LastAppended">The timestamp of its last unit of work: UTC, by the clock of its writer.</param>
/// <param name="AggregateType">The name of the aggregate that it was started for; <see langword="null"/> if none was given.</param>
/// <param name="IsArchived">Whether the stream is archived: its events are read only if archived ones are asked for.</param>
public sealed record StreamState(
    StreamId StreamId, long Version, DateTimeOffset Created, DateTimeOffset LastAppended, string? AggregateType, bool IsArchived)
{
    /// <summary>Whether the stream is deleted, for the time being or for ever: its events are not read.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Whether the stream is deleted for ever: nothing can be appended to it.</summary>
    public bool IsTombstoned { get; init; }

    /// <summary>The lowest version that is still read.</summary>
    /// <value>1 if nothing was truncated.</value>
    public long TruncatedBefore { get; init; } = 1;

    /// <summary>Which state of the stream this is. Archiving or deleting it, and the opposite, leave that as it is.</summary>
    public StoredVersion StoredVersion { get; init; }
}
