using FluentEventStore;

namespace Bank.Fraud;

[Event("fraud-suspected")]
public sealed record FraudSuspected(int LargeWithdrawals);
