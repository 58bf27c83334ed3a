namespace FluentEventStore.PostgresTests.Events.Reading;

public sealed class LiveHiddenEventsTests(BankStore bank) : HiddenEventsTests(bank), IClassFixture<BankStore>;
