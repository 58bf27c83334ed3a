namespace FluentEventStore.PostgresTests.Events;

public sealed class PgBouncerReadAllTests(PostgresServer server, PgBouncer pgBouncer) : ReadAllTests(new PgBouncerStore(server, pgBouncer).OrSkip());
