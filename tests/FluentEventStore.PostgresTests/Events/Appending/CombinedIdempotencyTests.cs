namespace FluentEventStore.PostgresTests.Events;

public sealed class CombinedIdempotencyTests(CombinedBankStore bank) : IdempotencyTests(bank), IClassFixture<CombinedBankStore>;
