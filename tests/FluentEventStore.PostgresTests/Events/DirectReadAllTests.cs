namespace FluentEventStore.PostgresTests.Events;

public sealed class DirectReadAllTests(PostgresServer server) : ReadAllTests(new BankStore(server));
