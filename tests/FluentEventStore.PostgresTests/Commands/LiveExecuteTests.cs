namespace FluentEventStore.PostgresTests.Commands;

public sealed class LiveExecuteTests(BankStore bank) : ExecuteTests(bank), IClassFixture<BankStore>;
