using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Proofs.Projections;

/// <summary>
/// As <see cref="SnapshotModelTests"/>, while daemons keep the same snapshots: units that keep them inline, units that do not, and daemons
/// follow each other without a stop.
/// </summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 takes 30,000 steps.</remarks>
public sealed class AsyncSnapshotModelTests(PostgresServer server)
{
    private const int Runs = 2;

    private static readonly int Steps = LongForm.Of(200, 30_000);

    [Fact]
    public async Task Whoever_keeps_a_snapshot_it_is_what_its_stream_folds_to()
    {
        var seed = Random.Shared.Next();
        await Task.WhenAll(Enumerable.Range(0, Runs).Select(async number =>
        {
            await using var bank = new BankStore(server);
            await bank.InitializeAsync();
            var time = new FakeTimeProvider(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
            await using var stores = new SnapshotStores(bank, time, carriers: 2);
            await stores.Keeper.Schema.ApplyAsync(TestContext.Current.CancellationToken);
            var run = new AsyncSnapshotModelRun(bank, stores, time, seed + number);
            await run.RunAsync(Steps / Runs);
            await run.FinishAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"{run.Compared} rows of daemons and units");
            run.Compared.ShouldBeGreaterThan(Steps / Runs / 100);
        }));
    }
}
