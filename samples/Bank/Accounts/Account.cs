using FluentEventStore;

namespace Bank.Accounts;

/// <summary>What is decided over. It is kept as an inline snapshot, so it holds the id of its owner and no personal data.</summary>
[Aggregate]
public sealed partial record Account(Guid Id, Guid OwnerId, string Currency, decimal Balance, string? InterestPaidFor)
{
    // The store sets the id: it is that of the stream.
    public static Account Create(AccountOpened e) => new(Guid.Empty, e.OwnerId, e.Currency, Balance: 0, InterestPaidFor: null);

    public Account Apply(MoneyDeposited e) => this with { Balance = Balance + e.Amount };

    public Account Apply(MoneyWithdrawn e) => this with { Balance = Balance - e.Amount };

    public Account Apply(MoneySent e) => this with { Balance = Balance - e.Amount };

    public Account Apply(MoneyReceived e) => this with { Balance = Balance + e.Amount };

    public Account Apply(InterestPaid e) => this with { Balance = Balance + e.Amount, InterestPaidFor = e.Month };
}
