namespace FluentEventStore.PostgresTests.Bank;

/// <summary>An event that had other names before, the older of them with an older shape.</summary>
[Event("fee-charged", Version = 2)]
[EventAlias("charge-made")]
[EventAlias("it's \\ old")]
public sealed record FeeCharged(decimal Amount, string Reason);

[Event("fee-charged")]
[EventAlias("charge-made")]
public sealed record FeeChargedV1(decimal Amount);

public static class FeeUpcasters
{
    [Upcaster]
    public static FeeCharged Upcast(FeeChargedV1 old) => new(old.Amount, "unknown");
}
