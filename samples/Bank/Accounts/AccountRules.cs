using FluentEventStore;

namespace Bank.Accounts;

/// <summary>What the bank allows. Pure: no database, no clock; each method is tested by calling it.</summary>
[Decider]
public static partial class AccountRules
{
    /// <summary>Asked twice, done once: a client that got no answer may ask again.</summary>
    public static AccountOpened? Decide(OpenAccount command, Account? account)
    {
        if (account is null)
            return new AccountOpened(command.OwnerId, command.Currency);

        return (account.OwnerId, account.Currency) == (command.OwnerId, command.Currency)
            ? null
            : throw new RefusedException("The account exists, and is another one.");
    }

    public static MoneyDeposited Decide(Deposit command, Account? account) => new(Positive(command.Amount));

    public static MoneyWithdrawn Decide(Withdraw command, Account? account) => new(Covered(command.Amount, account));

    public static MoneySent Decide(Send command, Account? account) =>
        new(command.TransferId, command.To, Covered(command.Amount, account));

    public static MoneyReceived Decide(Receive command, Account? account) => account?.Currency == command.Currency
        ? new(command.TransferId, command.From, Positive(command.Amount))
        : throw new RefusedException($"The account holds {account?.Currency}, not {command.Currency}.");

    /// <summary>Each month is paid once, and no month before one that is paid.</summary>
    public static InterestPaid? Decide(PayInterest command, Account? account) =>
        account is { Balance: > 0 } && string.CompareOrdinal(command.Month, account.InterestPaidFor) > 0
            ? new(command.Month, Positive(command.Rate), Math.Round(account.Balance * command.Rate, 2))
            : null;

    private static decimal Covered(decimal amount, Account? account) => Positive(amount) <= account?.Balance
        ? amount
        : throw new RefusedException($"The account holds {account?.Balance}, which is less than {amount}.");

    private static decimal Positive(decimal amount) =>
        amount > 0 ? amount : throw new RefusedException($"{amount} is not more than nothing.");
}
