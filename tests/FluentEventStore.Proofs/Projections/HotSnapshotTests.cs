using System.Diagnostics;

namespace FluentEventStore.Proofs.Projections;

/// <summary>One stream that many write at once, whose aggregate is kept as an inline snapshot: how long each of them waits.</summary>
public sealed class HotSnapshotTests(PostgresServer server)
{
    private const int Writers = 64;
    private const int AppendsOfWriter = 20;

    // A limit, no measure (that is printed): a writer that starves behind the others waits longer on any machine. On a slow one all wait
    // longer: a 20th of the whole time if none starves.
    private static readonly TimeSpan LongestUsualWait = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_of_64_writers_succeed(bool decides)
    {
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        await using var store = bank.CreateStore(static options =>
        {
            options.Projections.Snapshot<Tally>(ProjectionLifecycle.Inline);
            options.CommandTimeout = Eventually.HangGuard;
        });
        await store.Schema.ApplyAsync(TestContext.Current.CancellationToken);

        var began = Stopwatch.GetTimestamp();
        var waits = await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            var elapsed = new TimeSpan[AppendsOfWriter];
            for (var count = 0; count < AppendsOfWriter; count++)
            {
                var watch = Stopwatch.StartNew();
                await WriteAsync(store, decides);
                elapsed[count] = watch.Elapsed;
            }

            return elapsed;
        }));

        var longestUsualWait = Stopwatch.GetElapsedTime(began) / 4;
        if (longestUsualWait < LongestUsualWait)
            longestUsualWait = LongestUsualWait;

        var sorted = waits.SelectMany(static elapsed => elapsed).Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Writers} writers, {sorted.Count} {(decides ? "decisions" : "appends")}: median "
                + $"{sorted[sorted.Count / 2].TotalMilliseconds:0} ms, p99 {sorted[sorted.Count * 99 / 100].TotalMilliseconds:0} ms, "
                + $"longest {sorted[^1].TotalMilliseconds:0} ms");
        sorted.Count.ShouldBe(Writers * AppendsOfWriter);
        sorted[sorted.Count * 99 / 100].ShouldBeLessThan(longestUsualWait);
        await using var session = store.OpenQuerySession();
        (await session.Events.FetchStreamStateAsync("hot", TestContext.Current.CancellationToken))!.Version.ShouldBe(sorted.Count);
        (await session.LoadAsync<Tally>("hot", TestContext.Current.CancellationToken))!.Count.ShouldBe(sorted.Count);
        (await bank.ExecuteAsync("select concat(data->>'count', ' at ', version) from {schema}.doc_tally where id = 'hot'")).ShouldBe(
            $"{sorted.Count} at {sorted.Count}");
    }

    private static async Task WriteAsync(EventStore store, bool decides)
    {
        if (decides)
        {
            await store.ExecuteAsync<Tally>(
                "hot", static (tally, _) => [new Ticked(tally?.Count ?? 0)], TestContext.Current.CancellationToken);
            return;
        }

        await using var session = store.OpenSession();
        session.Events.Append("hot", new Ticked(1));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
