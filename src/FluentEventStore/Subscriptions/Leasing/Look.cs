namespace FluentEventStore.Subscriptions;

/// <summary>What a node saw at one moment.</summary>
/// <param name="Nodes">The nodes that were alive, itself included.</param>
/// <param name="Ranges">All ranges of all subscriptions.</param>
/// <param name="Server">When the server was started: another one, or the same started anew, says another time.</param>
internal sealed record Look(IReadOnlyList<Node> Nodes, IReadOnlyList<RangeRow> Ranges, DateTimeOffset Server = default);
