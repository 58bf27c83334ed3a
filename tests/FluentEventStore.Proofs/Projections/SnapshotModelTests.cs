using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Proofs.Projections;

/// <summary>
/// Units of work do anything to streams, through any of several stores that keep different snapshots. After each, what is folded, what is
/// kept and what a model in memory says are the same.
/// </summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 takes twenty times as many steps.</remarks>
public sealed class SnapshotModelTests(PostgresServer server)
{
    private const int Runs = 4;

    private static readonly int Steps = LongForm.Of(20_000, 400_000);

    [Fact]
    public async Task What_is_folded_what_is_kept_and_what_the_model_says_are_the_same_after_each_step()
    {
        var seed = Random.Shared.Next();
        await Task.WhenAll(Enumerable.Range(0, Runs).Select(async number =>
        {
            await using var bank = new BankStore(server);
            await bank.InitializeAsync();
            var time = new FakeTimeProvider(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
            await using var stores = new SnapshotStores(bank, time);
            await stores.Keeper.Schema.ApplyAsync(TestContext.Current.CancellationToken);
            var run = new SnapshotModelRun(bank, stores, time, seed + number);
            await run.RunAsync(Steps / Runs);

            // A store that keeps nothing has nothing wrong.
            TestContext.Current.TestOutputHelper?.WriteLine($"{run.InlineRows} rows of inline snapshots, {run.LiveRows} of live ones");
            run.InlineRows.ShouldBeGreaterThan(Steps / Runs / 10);
            run.LiveRows.ShouldBeGreaterThan(Steps / Runs / 50);
        }));
    }
}
