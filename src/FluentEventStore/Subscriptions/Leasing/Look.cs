namespace FluentEventStore.Subscriptions;

/// <summary>What a node saw at one moment.</summary>
/// <param name="Nodes">The nodes that were alive, itself included.</param>
/// <param name="Ranges">All ranges of all subscriptions.</param>
internal sealed record Look(IReadOnlyList<Node> Nodes, IReadOnlyList<RangeRow> Ranges);
