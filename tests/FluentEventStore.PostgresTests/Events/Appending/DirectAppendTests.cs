namespace FluentEventStore.PostgresTests.Events;

public sealed class DirectAppendTests(BankStore bank) : AppendTests(bank), IClassFixture<BankStore>;
