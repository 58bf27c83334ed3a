namespace FluentEventStore.Benchmarks.Payloads;

/// <summary>The view that projections keep of each stream of payments.</summary>
[Document("balance")]
public sealed record Balance
{
    public required string Id { get; init; }

    public decimal Amount { get; init; }

    public int Payments { get; init; }

    public string Currency { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

[Projection("balance")]
public sealed partial class BalanceProjection : MultiStreamProjection<Balance, string>
{
    public static string Identity(IEvent<Payment> e) => e.StreamId.Value;

    public static Balance Create(IEvent<Payment> e) =>
        new() { Id = e.StreamId.Value, Amount = e.Data.Amount, Payments = 1, Currency = e.Data.Currency, At = e.Data.At };

    public static Balance Apply(Payment e, Balance view) =>
        view with { Amount = view.Amount + e.Amount, Payments = view.Payments + 1, At = e.At };
}
