namespace FluentEventStore.PostgresTests.Bank;

[Event("money-deposited")]
public sealed record MoneyDeposited(Guid AccountId, decimal Amount);
