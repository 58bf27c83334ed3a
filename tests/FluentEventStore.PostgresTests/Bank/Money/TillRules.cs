namespace FluentEventStore.PostgresTests.Bank;

public sealed record TakeCash(string Clerk, decimal Amount);

public sealed record DropCash(decimal AtLeast);

public sealed record LockTill(string Clerk);

/// <summary>A decider with a state of its own.</summary>
[Decider]
public static partial class TillRules
{
    public readonly record struct State(decimal Cash, bool IsLocked);

    public static State Initial => default;

    public static CashTaken Decide(TakeCash command, State state) => state.IsLocked
        ? throw new InvalidOperationException($"The till is locked: {command.Clerk} takes nothing.")
        : new CashTaken(command.Clerk, command.Amount);

    public static IEnumerable<object> Decide(State state, DropCash command) =>
        state.Cash >= command.AtLeast ? [new CashDropped(state.Cash)] : [];

    public static object[] Decide(LockTill command, State state) => [new CashDropped(state.Cash), new TillLocked(command.Clerk)];

    public static State Evolve(State state, CashTaken e) => state with { Cash = state.Cash + e.Amount };

    public static State Evolve(State state, IEvent<ICashMovement> e) => state with { Cash = state.Cash - e.Data.Amount };

    public static State Evolve(State state, TillLocked e) => state with { IsLocked = true };
}
