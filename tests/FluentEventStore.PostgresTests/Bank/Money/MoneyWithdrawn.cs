namespace FluentEventStore.PostgresTests.Bank;

[Event("money-withdrawn")]
public sealed record MoneyWithdrawn(Guid AccountId, decimal Amount);
