namespace FluentEventStore.PostgresTests.Events;

public sealed class UncombinedAppendTests(UncombinedBankStore bank) : AppendTests(bank), IClassFixture<UncombinedBankStore>;
