namespace FluentEventStore.Benchmarks.Payloads;

/// <summary>What Marten folds: <see cref="Ledger"/> without our attribute, so that each generator sees its own type.</summary>
public sealed partial record RivalLedger(Guid Id, decimal Total, int Count)
{
    public static RivalLedger Create(Payment payment) => new(payment.AccountId, payment.Amount, 1);

    public RivalLedger Apply(Payment payment) => this with { Total = Total + payment.Amount, Count = Count + 1 };
}
