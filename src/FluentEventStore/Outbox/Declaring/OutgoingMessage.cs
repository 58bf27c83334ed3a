namespace FluentEventStore;

/// <summary>A message on its way out.</summary>
public sealed class OutgoingMessage
{
    /// <summary>The id of the message, a UUID of version 7: the same each time it is sent, so that its receiver can tell.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant whose session published it.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>What it keeps its order within; <see langword="null"/> if nothing.</summary>
    public string? Key { get; init; }

    /// <summary>The stored name of its type.</summary>
    public required string TypeName { get; init; }

    /// <summary>The message, as an object of its own.</summary>
    public required object Data { get; init; }

    /// <summary>
    /// The message as JSON in UTF-8, as the database keeps it: properties may stand in another order than they were written in.
    /// </summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>When the unit of work was saved that published it, by the clock of <c>options.TimeProvider</c>; UTC.</summary>
    public required DateTimeOffset Published { get; init; }

    /// <summary>What the unit of work belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What caused it.</summary>
    public string? CausationId { get; init; }

    /// <summary>On whose behalf it was published.</summary>
    public string? UserName { get; init; }

    /// <summary>The headers of the session that published it.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The span in which it was published, as a W3C <c>traceparent</c>; <see langword="null"/> if there was none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Which attempt this is that is known of: 1 for the first. One whose process died is not counted.</summary>
    public required int Attempt { get; init; }

    /// <summary>
    /// Grows with each process that takes over the key. A receiver that keeps the highest one of a tenant and key may refuse a lower one:
    /// it comes from a process that was paused for longer than its lease, and replaced.
    /// </summary>
    public required long Fence { get; init; }
}
