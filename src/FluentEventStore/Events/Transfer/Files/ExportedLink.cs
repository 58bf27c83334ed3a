namespace FluentEventStore.Events;

/// <summary>A link as it is exported.</summary>
/// <param name="TenantId">The tenant of its stream.</param>
/// <param name="StreamId">The stream that it stands in.</param>
/// <param name="AggregateType">The aggregate that the stream was started for.</param>
/// <param name="Position">Its own position.</param>
/// <param name="Version">Its version in the stream.</param>
/// <param name="EventId">The event that it leads to, or led to.</param>
/// <param name="RecordedAt">When it was linked.</param>
/// <param name="TruncatedBefore">The lowest version of the stream that is read.</param>
/// <param name="State">The state of the stream.</param>
/// <param name="StreamVersion">The version of the stream.</param>
internal sealed record ExportedLink(
    string TenantId,
    string StreamId,
    string? AggregateType,
    long Position,
    long Version,
    Guid EventId,
    DateTimeOffset RecordedAt,
    long TruncatedBefore,
    short State,
    long StreamVersion);
