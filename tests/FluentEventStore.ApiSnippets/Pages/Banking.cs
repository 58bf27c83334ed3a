using FluentEventStore;
using FluentEventStore.ApiSnippets.Bank;

namespace Banking;

/// <summary>What a request for a deposit holds.</summary>
public sealed record Deposit(decimal Amount);

/// <summary>What a request for a new account holds.</summary>
public sealed record Opening(string Owner, string Currency);

public sealed record Open(Guid AccountId, string Owner);

public sealed record Withdraw(Guid AccountId, decimal Amount);

public sealed class InsufficientFundsException() : Exception("The account holds less.");

public sealed record AccountState(bool IsOpen, decimal Balance);

[Decider]
public static partial class AccountRules
{
    public static AccountState Initial { get; } = new(IsOpen: false, Balance: 0m);

    public static AccountOpened? Decide(Open command, AccountState state) =>
        state.IsOpen ? null : new(command.AccountId, command.Owner, "EUR");

    public static MoneyWithdrawn Decide(Withdraw command, AccountState state) =>
        state.Balance < command.Amount ? throw new InsufficientFundsException() : new(command.AccountId, command.Amount);

    public static AccountState Evolve(AccountState state, AccountOpened e) => state with { IsOpen = true };

    public static AccountState Evolve(AccountState state, MoneyDeposited e) => state with { Balance = state.Balance + e.Amount };

    public static AccountState Evolve(AccountState state, MoneyWithdrawn e) => state with { Balance = state.Balance - e.Amount };
}

/// <summary>Stands in for what knows the customers of an application.</summary>
public sealed class CustomerList
{
    private readonly Dictionary<string, CustomerEntry> _entries = new(StringComparer.Ordinal) { ["acme"] = new CustomerEntry("1") };

    public async Task<CustomerEntry?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return _entries.GetValueOrDefault(name);
    }
}

public sealed record CustomerEntry(string Id);
