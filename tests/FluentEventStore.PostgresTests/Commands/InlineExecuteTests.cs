namespace FluentEventStore.PostgresTests.Commands;

public sealed class InlineExecuteTests(SnapshotStore bank) : ExecuteTests(bank), IClassFixture<SnapshotStore>;
