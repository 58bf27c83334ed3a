namespace FluentEventStore.PostgresTests.Events.Reading;

public sealed class PgBouncerReadStreamTests(PgBouncerStore bank) : ReadStreamTests(bank.OrSkip()), IClassFixture<PgBouncerStore>;
