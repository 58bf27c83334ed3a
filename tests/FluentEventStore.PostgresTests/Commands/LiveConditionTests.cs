namespace FluentEventStore.PostgresTests.Commands;

public sealed class LiveConditionTests(BankStore bank) : ConditionTests(bank), IClassFixture<BankStore>;
