namespace FluentEventStore.PostgresTests.Sessions;

public sealed class DirectSavingTests(BankStore bank) : SavingTests(bank), IClassFixture<BankStore>;
