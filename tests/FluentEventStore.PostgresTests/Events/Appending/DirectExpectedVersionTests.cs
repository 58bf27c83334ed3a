namespace FluentEventStore.PostgresTests.Events;

public sealed class DirectExpectedVersionTests(BankStore bank) : ExpectedVersionTests(bank), IClassFixture<BankStore>;
