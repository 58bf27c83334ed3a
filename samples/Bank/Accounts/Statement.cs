using FluentEventStore;

namespace Bank.Accounts;

/// <summary>What an owner gets to see: folded from the same events as <see cref="Account"/> when somebody asks, up to any time.</summary>
[Aggregate]
public sealed partial record Statement(Guid Id, string Currency, decimal Balance, IReadOnlyList<StatementLine> Lines)
{
    public static Statement Create(AccountOpened e) => new(Guid.Empty, e.Currency, Balance: 0, []);

    public Statement Apply(IEvent<MoneyDeposited> e) => Add(e, "Deposit", e.Data.Amount);

    public Statement Apply(IEvent<MoneyWithdrawn> e) => Add(e, "Withdrawal", -e.Data.Amount);

    public Statement Apply(IEvent<MoneySent> e) => Add(e, $"Transfer to {e.Data.To}", -e.Data.Amount);

    public Statement Apply(IEvent<MoneyReceived> e) => Add(e, $"Transfer from {e.Data.From}", e.Data.Amount);

    public Statement Apply(IEvent<InterestPaid> e) => Add(e, $"Interest for {e.Data.Month}", e.Data.Amount);

    private Statement Add(IEvent e, string text, decimal amount) => this with
    {
        Balance = Balance + amount,
        Lines = [.. Lines, new StatementLine(e.Timestamp, text, amount, Balance + amount)],
    };
}
