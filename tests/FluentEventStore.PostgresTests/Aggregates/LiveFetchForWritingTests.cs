namespace FluentEventStore.PostgresTests.Aggregates;

public sealed class LiveFetchForWritingTests(BankStore bank) : FetchForWritingTests(bank), IClassFixture<BankStore>;
