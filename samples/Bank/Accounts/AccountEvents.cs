using FluentEventStore;

namespace Bank.Accounts;

[Event("account-opened")]
public sealed record AccountOpened(Guid OwnerId, string Currency);

[Event("money-deposited")]
public sealed record MoneyDeposited(decimal Amount);

[Event("money-withdrawn")]
public sealed record MoneyWithdrawn(decimal Amount);

[Event("money-sent")]
public sealed record MoneySent(Guid TransferId, Guid To, decimal Amount);

[Event("money-received")]
public sealed record MoneyReceived(Guid TransferId, Guid From, decimal Amount);

[Event("interest-paid")]
public sealed record InterestPaid(string Month, decimal Rate, decimal Amount);
