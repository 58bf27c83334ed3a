namespace FluentEventStore.PostgresTests.Sessions;

public sealed class DirectJoinedTransactionTests(SnapshotStore bank) : JoinedTransactionTests(bank), IClassFixture<SnapshotStore>;
