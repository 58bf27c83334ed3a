namespace Bank.Accounts;

/// <summary>A line of a <see cref="Statement"/>.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Text">What happened.</param>
/// <param name="Amount">Negative if money left the account.</param>
/// <param name="Balance">The balance after it.</param>
public sealed record StatementLine(DateTimeOffset At, string Text, decimal Amount, decimal Balance);
