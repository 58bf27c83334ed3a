namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>Takes ranges from whoever carries them, as the claim of another process would, and does not tell.</summary>
internal static class Takeover
{
    /// <param name="bank">The store.</param>
    /// <param name="random">Says which.</param>
    /// <param name="ranges">How many there are, about.</param>
    public static async Task OfOneRangeAsync(BankStore bank, Random random, int ranges) => await bank.ExecuteAsync($$"""
        update {schema}.checkpoints c
        set owner = null, epoch = nextval('{schema}.epochs')
        from (
          select subscription, version, first
          from {schema}.checkpoints
          order by subscription, version, first
          offset {{random.Next(ranges)}} limit 1
        ) t
        where c.subscription = t.subscription and c.version = t.version and c.first = t.first
        """);
}
