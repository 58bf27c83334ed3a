namespace FluentEventStore.PostgresTests.Aggregates;

/// <summary>Aggregates that are kept as inline snapshots.</summary>
public sealed class InlineNaturalKeyTests(OrderSnapshotStore bank) : NaturalKeyTests(bank), IClassFixture<OrderSnapshotStore>;
