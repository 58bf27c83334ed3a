namespace FluentEventStore.Benchmarks.Payloads;

/// <summary>What FluentEventStore folds. <see cref="RivalLedger"/> is the same for Marten.</summary>
[Aggregate]
public sealed partial record Ledger(Guid Id, decimal Total, int Count)
{
    public static Ledger Create(Payment payment) => new(payment.AccountId, payment.Amount, 1);

    public Ledger Apply(Payment payment) => this with { Total = Total + payment.Amount, Count = Count + 1 };
}
