namespace FluentEventStore.Outbox;

/// <summary>A lane that this process has taken, and its first messages.</summary>
/// <param name="Lane">Which one.</param>
/// <param name="Token">What it is held by.</param>
/// <param name="Messages">The messages in their order, one at least.</param>
internal sealed record ClaimedLane(LaneKey Lane, long Token, List<ClaimedMessage> Messages);
