namespace FluentEventStore.PostgresTests.Bank;

[Aggregate]
public sealed partial record Account(Guid Id, string Owner, decimal Balance)
{
    public static Account Create(AccountOpened e) => new(e.AccountId, e.Owner, 0m);

    public Account Apply(MoneyDeposited e) => this with { Balance = Balance + e.Amount };

    public Account Apply(IEvent<MoneyWithdrawn> e) => this with { Balance = Balance - e.Data.Amount };

    public static bool ShouldDelete(AccountClosed e) => true;
}
