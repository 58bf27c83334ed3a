namespace FluentEventStore.PostgresTests.Aggregates;

public sealed class LiveBaseTypeTests(BankStore bank) : BaseTypeTests(bank), IClassFixture<BankStore>;
