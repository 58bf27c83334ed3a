namespace FluentEventStore.PostgresTests.Bank;

/// <summary>
/// Events that methods take by what they have in common: a base type of classes, and an interface of classes and structs.
/// </summary>
public abstract record TillEvent(string Clerk);

public interface ICashMovement
{
    decimal Amount { get; }
}

[Event("till-opened")]
public sealed record TillOpened(string Clerk) : TillEvent(Clerk);

[Event("till-locked")]
public sealed record TillLocked(string Clerk) : TillEvent(Clerk);

/// <summary>The current shape, which an old one and a former name are read as.</summary>
[Event("cash-taken", Version = 2), EventAlias("cash-received")]
public sealed record CashTaken(string Clerk, decimal Amount) : TillEvent(Clerk), ICashMovement;

[Event("cash-taken")]
public sealed record CashTakenV1(decimal Amount);

[Event("cash-dropped")]
public readonly record struct CashDropped(decimal Amount) : ICashMovement;

public static class TillUpcasters
{
    [Upcaster]
    public static CashTaken Upcast(CashTakenV1 old) => new("somebody", old.Amount);
}

[Aggregate]
public sealed partial record Till(Guid Id, decimal Cash, string Log)
{
    public static Till Create(TillEvent e) => new(Guid.Empty, 0m, $"begun by {e.Clerk}");

    public Till Apply(TillEvent e) => this with { Log = $"{Log}, {e.Clerk}" };

    public Till Apply(CashTaken e) => this with { Cash = Cash + e.Amount, Log = $"{Log}, {e.Clerk} took {e.Amount}" };

    public static Till Apply(IEvent<ICashMovement> e, EventMetadata metadata, Till till) =>
        till with { Cash = till.Cash - e.Data.Amount, Log = $"{till.Log}, {e.Data.Amount} gone at {metadata.Version}" };
}
