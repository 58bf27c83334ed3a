namespace FluentEventStore.Aggregates;

/// <summary>How the state of an aggregate that is folded live is kept.</summary>
/// <param name="Type">The aggregate.</param>
/// <param name="Every">How many events are folded before the state is kept again.</param>
/// <param name="Shape">The shape in which the state is kept; states of another shape are not used.</param>
internal sealed record SnapshotRule(AggregateType Type, int Every, string Shape);
