namespace FluentEventStore;

/// <summary>What keeps a subscription, or a key of it, from going on.</summary>
/// <param name="Kind">Which kind of failure.</param>
/// <param name="Message">What was thrown, in words.</param>
public sealed record SubscriptionFailure(FailureKind Kind, string Message)
{
    /// <summary>The type of what was thrown; <see langword="null"/> if nothing was.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>The position of the event; <see langword="null"/> if the failure is of none.</summary>
    public long? Position { get; init; }

    /// <summary>The id of the event.</summary>
    public Guid? EventId { get; init; }

    /// <summary>The stored type of the event.</summary>
    public string? EventType { get; init; }

    /// <summary>The stream of the event.</summary>
    public string? StreamId { get; init; }

    /// <summary>The tenant of the event.</summary>
    public string? TenantId { get; init; }

    /// <summary>How many calls for the event have failed.</summary>
    public int Attempts { get; init; }

    /// <summary>Which process it happened in: machine and process id.</summary>
    public string? Node { get; init; }

    /// <summary>When it happened, by the clock of that process.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>In one line, for a log.</summary>
    public override string ToString() =>
        Position is { } position
            ? FormattableString.Invariant($"{Kind} at {position} ({EventType} of stream '{StreamId}'): {Message}")
            : $"{Kind}: {Message}";
}
