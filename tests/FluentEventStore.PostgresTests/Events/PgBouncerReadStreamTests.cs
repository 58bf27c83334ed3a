namespace FluentEventStore.PostgresTests.Events;

public sealed class PgBouncerReadStreamTests(PgBouncerStore bank) : ReadStreamTests(bank.OrSkip()), IClassFixture<PgBouncerStore>;
