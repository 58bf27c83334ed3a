using Bank.Accounts;
using FluentEventStore;

namespace Bank.Fraud;

/// <summary>A third view of the events of an account: how many of its last withdrawals were large, and whether somebody said so.</summary>
[Aggregate]
public sealed partial record Suspicion(int LargeWithdrawals, bool IsReported)
{
    public const decimal LargeAmount = 1000;

    private const int TooMany = 3;

    public bool MustBeReported => LargeWithdrawals >= TooMany && !IsReported;

    public static Suspicion Create(AccountOpened e) => new(LargeWithdrawals: 0, IsReported: false);

    public Suspicion Apply(MoneyWithdrawn e) =>
        e.Amount >= LargeAmount ? this with { LargeWithdrawals = LargeWithdrawals + 1 } : new(LargeWithdrawals: 0, IsReported: false);

    public Suspicion Apply(FraudSuspected e) => this with { IsReported = true };
}
