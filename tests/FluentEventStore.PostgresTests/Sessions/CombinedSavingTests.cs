using FluentEventStore.PostgresTests.Events;

namespace FluentEventStore.PostgresTests.Sessions;

public sealed class CombinedSavingTests(CombinedBankStore bank) : SavingTests(bank), IClassFixture<CombinedBankStore>;
