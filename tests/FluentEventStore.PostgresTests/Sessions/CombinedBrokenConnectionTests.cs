using FluentEventStore.PostgresTests.Events;

namespace FluentEventStore.PostgresTests.Sessions;

public sealed class CombinedBrokenConnectionTests(CombinedBankStore bank) : BrokenConnectionTests(bank), IClassFixture<CombinedBankStore>;
