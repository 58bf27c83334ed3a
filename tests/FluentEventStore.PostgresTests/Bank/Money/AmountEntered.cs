namespace FluentEventStore.PostgresTests.Bank;

[Event]
public sealed record AmountEntered(decimal Amount);
