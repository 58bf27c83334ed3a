namespace FluentEventStore.PostgresTests.Events.Reading;

public sealed class PgBouncerReadAllTests(PostgresServer server, PgBouncer pgBouncer)
    : ReadAllTests(new PgBouncerStore(server, pgBouncer).OrSkip());
