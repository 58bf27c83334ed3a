namespace FluentEventStore.PostgresTests.Sessions;

public sealed class DirectBrokenConnectionTests(BankStore bank) : BrokenConnectionTests(bank), IClassFixture<BankStore>;
