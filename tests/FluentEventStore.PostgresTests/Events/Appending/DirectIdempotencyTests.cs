namespace FluentEventStore.PostgresTests.Events;

public sealed class DirectIdempotencyTests(BankStore bank) : IdempotencyTests(bank), IClassFixture<BankStore>;
