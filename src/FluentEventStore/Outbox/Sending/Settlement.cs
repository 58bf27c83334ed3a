namespace FluentEventStore.Outbox;

/// <summary>What becomes of a lane that this process holds.</summary>
/// <param name="Lane">Which one.</param>
/// <param name="Token">What it is held by.</param>
internal sealed record Settlement(LaneKey Lane, long Token)
{
    /// <summary>The message that was sent; 0 if none was.</summary>
    public long Sent { get; init; }

    /// <summary>Whether the lane is given up. Otherwise its lease begins anew.</summary>
    public bool Ends { get; init; }

    /// <summary>Why its first message was not sent, if that was tried. Then the lane is given up too.</summary>
    public SendFailure? Failure { get; init; }
}
