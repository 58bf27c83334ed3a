namespace FluentEventStore.PostgresTests.Events;

public sealed class CombinedAppendTests(CombinedBankStore bank) : AppendTests(bank), IClassFixture<CombinedBankStore>;
