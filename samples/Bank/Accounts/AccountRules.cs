using FluentEventStore;

namespace Bank.Accounts;

/// <summary>What the bank allows. Pure: no database, no clock; each method is tested by calling it.</summary>
[Decider]
public static partial class AccountRules
{
    private const decimal MostBalance = 1_000_000_000_000;

    /// <summary>Asked twice, done once: a client that got no answer may ask again.</summary>
    public static AccountOpened? Decide(OpenAccount command, Account? account)
    {
        if (account is null)
            return new AccountOpened(command.OwnerId, command.Currency);

        return (account.OwnerId, account.Currency) == (command.OwnerId, command.Currency)
            ? null
            : throw new RefusedException("The account exists, and is another one.");
    }

    public static MoneyDeposited Decide(Deposit command, Account? account) => new(Fitting(Positive(command.Amount), account));

    public static MoneyWithdrawn Decide(Withdraw command, Account? account) => new(Covered(command.Amount, account));

    public static MoneySent Decide(Send command, Account? account) =>
        new(command.TransferId, command.To, Covered(command.Amount, account));

    public static MoneyReceived Decide(Receive command, Account? account) => account?.Currency == command.Currency
        ? new(command.TransferId, command.From, Fitting(Positive(command.Amount), account))
        : throw new RefusedException($"The account holds {account?.Currency}, not {command.Currency}.");

    /// <summary>Each month is paid once, and no month before one that is paid.</summary>
    public static InterestPaid? Decide(PayInterest command, Account? account) =>
        account is { Balance: > 0 } && string.CompareOrdinal(command.Month, account.InterestPaidFor) > 0
            ? new(command.Month, Percentage(command.Rate), Fitting(Math.Round(account.Balance * command.Rate, 2), account))
            : null;

    // Without a limit, a sum could get larger than a decimal can be.
    private static decimal Fitting(decimal amount, Account? account) => amount <= MostBalance - account?.Balance
        ? amount
        : throw new RefusedException($"There is no account that holds more than {MostBalance}.");

    private static decimal Percentage(decimal rate) =>
        rate is > 0 and <= 1 ? rate : throw new RefusedException($"{rate} is not between nothing and one hundred percent.");

    private static decimal Covered(decimal amount, Account? account) => Positive(amount) <= account?.Balance
        ? amount
        : throw new RefusedException($"The account holds {account?.Balance}, which is less than {amount}.");

    private static decimal Positive(decimal amount) =>
        amount > 0 ? amount : throw new RefusedException($"{amount} is not more than nothing.");
}
