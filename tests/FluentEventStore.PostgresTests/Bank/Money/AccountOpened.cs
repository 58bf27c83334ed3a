namespace FluentEventStore.PostgresTests.Bank;

[Event("account-opened")]
public sealed record AccountOpened(Guid AccountId, string Owner, string Currency);
