namespace FluentEventStore.ApiSnippets.Bank;

[Event("account-opened")]                              // the stored name; without one: the kebab-case type name
public sealed record AccountOpened(Guid AccountId, string Owner, string Currency);

[Event("money-deposited", Version = 2)]                // the current shape
public sealed record MoneyDeposited(Guid AccountId, decimal Amount, string Currency, DateTimeOffset At);

[Event("money-deposited", Version = 1)]                // an old shape stays readable
public sealed record MoneyDepositedV1(Guid AccountId, decimal Amount);

public static class BankUpcasters
{
    [Upcaster]                                         // found by the generator; a gap in a chain is a build error
    public static MoneyDeposited Upcast(MoneyDepositedV1 old, EventMetadata metadata)
        => new(old.AccountId, old.Amount, "EUR", metadata.Timestamp);
}

[Event]
public sealed record MoneyWithdrawn(Guid AccountId, decimal Amount);

[Event]
public sealed record AccountClosed(Guid AccountId);

[Aggregate]                                            // the generator writes the dispatch
public sealed partial record Account(Guid Id, string Owner, decimal Balance)
{
    public static Account Create(AccountOpened e) => new(e.AccountId, e.Owner, 0m);
    public Account Apply(MoneyDeposited e) => this with { Balance = Balance + e.Amount };
    public Account Apply(IEvent<MoneyWithdrawn> e) => this with { Balance = Balance - e.Data.Amount };   // with its metadata
    public static bool ShouldDelete(AccountClosed e) => true;
}

[Document("customer")]                                 // a plain class or record; Id is the identity
public sealed record Customer
{
    public Guid Id { get; init; }
    public required string Name { get; init; }
    public string City { get; init; } = "";
    public int Age { get; init; }
    public List<string> Tags { get; init; } = [];
}

[StreamId]
public readonly partial record struct AccountId(Guid Value);
