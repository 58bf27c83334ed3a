namespace FluentEventStore.PostgresTests.Aggregates;

public sealed class InlineBaseTypeTests(SnapshotStore bank) : BaseTypeTests(bank), IClassFixture<SnapshotStore>;
