namespace Bank.Accounts;

public sealed record OpenAccount(Guid OwnerId, string Currency);

public sealed record Deposit(decimal Amount);

public sealed record Withdraw(decimal Amount);

public sealed record Send(Guid TransferId, Guid To, decimal Amount);

public sealed record Receive(Guid TransferId, Guid From, decimal Amount, string Currency);

/// <summary>Pays the interest of a month.</summary>
/// <param name="Month">As in <c>2030-01</c>.</param>
/// <param name="Rate">Of the balance: 0.01 is one percent.</param>
public sealed record PayInterest(string Month, decimal Rate);
