namespace FluentEventStore.PostgresTests.Events.Reading;

public sealed class DirectReadAllTests(PostgresServer server) : ReadAllTests(new BankStore(server));
