namespace FluentEventStore.Outbox;

/// <summary>What a sender got when it asked for lanes.</summary>
internal sealed record Claims
{
    /// <summary>The lanes that it has now.</summary>
    public required IReadOnlyList<ClaimedLane> Lanes { get; init; }

    /// <summary>The types of first messages that it does not send.</summary>
    public required IReadOnlyList<string> OtherTypes { get; init; }

    /// <summary>Where the round goes on.</summary>
    public required LaneKey Last { get; init; }

    /// <summary>When the next scheduled message is due; <see langword="null"/> if there is none.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>After how long the next message that failed is to be tried; <see langword="null"/> if there is none.</summary>
    public TimeSpan? NextRetry { get; init; }
}
