namespace FluentEventStore.PostgresTests.Bank;

/// <summary>An event that no aggregate handles.</summary>
[Event]
public sealed record PaymentReceived(int Number);
