namespace FluentEventStore.Benchmarks.Payloads;

/// <summary>As <see cref="Balance"/>, for Marten.</summary>
public sealed record RivalBalance
{
    public required string Id { get; init; }

    public decimal Amount { get; init; }

    public int Payments { get; init; }

    public string Currency { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

public sealed partial class RivalBalanceProjection : Marten.Events.Projections.MultiStreamProjection<RivalBalance, string>
{
    public RivalBalanceProjection() => Identity<IEvent<Payment>>(static e => e.StreamId.ToString());

    public static RivalBalance Create(IEvent<Payment> e) =>
        new() { Id = e.StreamId.ToString(), Amount = e.Data.Amount, Payments = 1, Currency = e.Data.Currency, At = e.Data.At };

    public static RivalBalance Apply(Payment e, RivalBalance view) =>
        view with { Amount = view.Amount + e.Amount, Payments = view.Payments + 1, At = e.At };
}
