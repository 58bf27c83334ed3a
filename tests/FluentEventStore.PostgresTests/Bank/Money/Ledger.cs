namespace FluentEventStore.PostgresTests.Bank;

[Aggregate]
public sealed partial record Ledger(decimal Total)
{
    public static Ledger Create(AmountEntered e) => new(e.Amount);

    public static Ledger Create(BalanceCarried e) => new(e.Total);

    public Ledger Apply(AmountEntered e) => this with { Total = Total + e.Amount };
}
