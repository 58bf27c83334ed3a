namespace FluentEventStore.AspNetCore.Tests;

[Aggregate]
public sealed partial record Account(Guid Id, string Owner, decimal Balance)
{
    public static Account Create(AccountOpened e) => new(Guid.Empty, e.Owner, 0);

    public Account Apply(MoneyMoved e) => this with { Balance = Balance + e.Amount };

    public static bool ShouldDelete(AccountClosed _) => true;
}
