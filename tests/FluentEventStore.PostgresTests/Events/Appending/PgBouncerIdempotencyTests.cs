namespace FluentEventStore.PostgresTests.Events;

public sealed class PgBouncerIdempotencyTests(PgBouncerStore bank) : IdempotencyTests(bank.OrSkip()), IClassFixture<PgBouncerStore>;
