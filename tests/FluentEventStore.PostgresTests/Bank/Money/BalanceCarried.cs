namespace FluentEventStore.PostgresTests.Bank;

/// <summary>Stands for all events of a ledger before it.</summary>
[Event]
public sealed record BalanceCarried(decimal Total);
