namespace FluentEventStore.PostgresTests.Events;

public sealed class CombinedExpectedVersionTests(CombinedBankStore bank) : ExpectedVersionTests(bank), IClassFixture<CombinedBankStore>;
