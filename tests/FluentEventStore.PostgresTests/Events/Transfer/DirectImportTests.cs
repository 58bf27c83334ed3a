namespace FluentEventStore.PostgresTests.Events.Transfer;

public sealed class DirectImportTests(BankStore bank) : ImportTests(bank), IClassFixture<BankStore>;
