namespace FluentEventStore.PostgresTests.Events.Reading;

public sealed class DirectReadStreamTests(BankStore bank) : ReadStreamTests(bank), IClassFixture<BankStore>;
