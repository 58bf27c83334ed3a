namespace FluentEventStore.AotSmoke;

public interface ICashMovement
{
    decimal Amount { get; }
}

public abstract record TillEvent(string Clerk);

[Event("cash-taken")]
public sealed record CashTaken(string Clerk, decimal Amount) : TillEvent(Clerk), ICashMovement;

[Event("till-locked")]
public sealed record TillLocked(string Clerk) : TillEvent(Clerk);

[Event("cash-dropped")]
public readonly record struct CashDropped(decimal Amount) : ICashMovement;

[Aggregate]
public sealed partial record Till(decimal Cash, string Clerk)
{
    public static Till Create(TillEvent e) => new(0m, e.Clerk);

    public Till Apply(IEvent<TillEvent> e) => this with { Clerk = e.Data.Clerk };

    public static Till Apply(IEvent<ICashMovement> e, EventMetadata metadata, Till till) =>
        till with { Cash = till.Cash - e.Data.Amount + metadata.Version };
}

[EventHandler]
public sealed partial class CashReport
{
    public List<string> Lines { get; } = [];

    private async Task HandleAsync(IEvent<ICashMovement> e, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Lines.Add($"{e.Data.Amount}@{e.Version}");
    }

    private void Handle(IDocumentSession session, TillLocked e) => Lines.Add($"{e.Clerk} {session.TenantId}");
}

public sealed record DropCash(decimal Least);

[Decider]
public static partial class TillRules
{
    public static decimal Initial => 0m;

    public static IReadOnlyList<object> Decide(DropCash command, decimal state) => state >= command.Least ? [new CashDropped(state)] : [];

    public static decimal Evolve(decimal state, CashTaken e) => state + e.Amount;

    public static decimal Evolve(decimal state, IEvent<CashDropped> e) => state - e.Data.Amount;
}

public sealed record LockTill(string Clerk);

[Decider]
public sealed partial class Locking
{
    private static ValueTask<TillLocked?> DecideAsync(LockTill command, Till? till) =>
        new(till is null ? null : new TillLocked(command.Clerk));
}
