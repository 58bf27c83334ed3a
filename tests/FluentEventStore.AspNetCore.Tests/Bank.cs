namespace FluentEventStore.AspNetCore.Tests;

[Event]
public sealed record AccountOpened(string Owner);

[Event]
public sealed record MoneyMoved(decimal Amount);

[Event]
public sealed record AccountClosed;

[Aggregate]
public sealed partial record Account(Guid Id, string Owner, decimal Balance)
{
    public static Account Create(AccountOpened e) => new(Guid.Empty, e.Owner, 0);

    public Account Apply(MoneyMoved e) => this with { Balance = Balance + e.Amount };

    public static bool ShouldDelete(AccountClosed _) => true;
}

[Document("customer")]
public sealed record Customer
{
    public Guid Id { get; init; }

    public required string Name { get; init; }

    public string City { get; init; } = "";
}

public sealed record Deposit(decimal Amount);
