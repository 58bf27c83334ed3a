namespace FluentEventStore.PostgresTests.Events;

public sealed class DirectReadStreamTests(BankStore bank) : ReadStreamTests(bank), IClassFixture<BankStore>;
