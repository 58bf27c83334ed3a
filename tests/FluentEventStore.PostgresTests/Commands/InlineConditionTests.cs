namespace FluentEventStore.PostgresTests.Commands;

public sealed class InlineConditionTests(SnapshotStore bank) : ConditionTests(bank), IClassFixture<SnapshotStore>;
