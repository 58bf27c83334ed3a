namespace FluentEventStore.PostgresTests.Bank;

[Event("account-closed")]
public sealed record AccountClosed(Guid AccountId);
