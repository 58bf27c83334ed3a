namespace FluentEventStore.Subscriptions;

/// <summary>A range, and the node that carries it.</summary>
internal sealed record Holding(RangeKey Range, Guid Node);
