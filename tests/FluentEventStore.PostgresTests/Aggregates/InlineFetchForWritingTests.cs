namespace FluentEventStore.PostgresTests.Aggregates;

public sealed class InlineFetchForWritingTests(SnapshotStore bank) : FetchForWritingTests(bank), IClassFixture<SnapshotStore>;
