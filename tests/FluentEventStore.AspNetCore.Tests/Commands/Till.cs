namespace FluentEventStore.AspNetCore.Tests.Commands;

public sealed record TillState(bool IsOpen, decimal Balance);

public sealed record Open(string Owner);

public sealed record Withdraw(decimal Amount);

public sealed record Fail;

public sealed record Break;

[Event]
public sealed record TillBroken;

public sealed class NotEnoughException(decimal balance) : Exception($"There is only {balance}.");

[Decider]
public static partial class Till
{
    public static TillState Initial { get; } = new(IsOpen: false, Balance: 0);

    public static IEnumerable<object> Decide(Open command, TillState state) =>
        state.IsOpen ? [] : [new AccountOpened(command.Owner), new MoneyMoved(100)];

    public static MoneyMoved Decide(Withdraw command, TillState state) =>
        command.Amount <= state.Balance ? new(-command.Amount) : throw new NotEnoughException(state.Balance);

    public static TillBroken Decide(Break _) => new();

    public static TillState Evolve(TillState _, TillBroken e) => throw new InvalidOperationException("A till does not break.");

    public static TillState Evolve(TillState state, AccountOpened _) => state with { IsOpen = true };

    public static TillState Evolve(TillState state, MoneyMoved e) => state with { Balance = state.Balance + e.Amount };
}
