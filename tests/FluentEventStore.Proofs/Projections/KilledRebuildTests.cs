using System.Collections.Concurrent;
using System.Diagnostics;

namespace FluentEventStore.Proofs.Projections;

/// <summary>
/// Processes that keep views are killed, their connections ended and their ranges taken, while others write, read, and rebuild the views.
/// </summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 goes on for fifteen times as long.</remarks>
public sealed class KilledRebuildTests(PostgresServer server)
{
    private const int Views = 12;
    private const int Processes = 3;
    private const int Readers = 8;

    private static readonly int Rounds = LongForm.Of(12, 180);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Views_hold_each_event_once_and_readers_never_go_back()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        var keeps = (Action<EventStoreOptions>)(static options => options.Projections.Add<SumProjection>(ProjectionLifecycle.Async));
        await bank.ApplyAsync(keeps);
        await using var store = bank.CreateStore(keeps);
        var written = new ConcurrentDictionary<string, int>();
        for (var view = 0; view < Views; view++)
            await AddAsync(store, $"v{view}", 1, written);

        await using (var first = store.BuildDaemon())
        {
            await first.StartAsync(Cancelled);
            await first.CatchUpAsync(Cancelled);
        }

        List<Process> processes = [.. Enumerable.Range(0, Processes).Select(_ => Begin(bank))];
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            var writers = Enumerable.Range(0, 2).Select(_ => Task.Run(() => WriteAsync(store, written, ending.Token), Cancelled)).ToList();
            var readers = Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(store, ending.Token), Cancelled)).ToList();
            for (var round = 0; round < Rounds; round++)
            {
                await Task.Delay(random.Next(100, 1500), Cancelled);
                await DisturbAsync(random, bank, store, processes);
                if (readers.Concat(writers).FirstOrDefault(static task => task.IsFaulted) is { } failed)
                    await failed;
            }

            await ending.CancelAsync();
            await Task.WhenAll([.. writers, .. readers]);
        }
        finally
        {
            foreach (var process in processes)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
                process.Dispose();
            }
        }

        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancelled);
        await daemon.CatchUpAsync(Cancelled);
        await CompareAsync(store, written, seed);
        if ((await store.Projections.StatusAsync(Cancelled)).Any(static one => one.Build is not null))
            await store.Projections.SwitchAsync("sums", Cancelled);

        await CompareAsync(store, written, seed);
        await daemon.RebuildAsync("sums", Cancelled);
        await CompareAsync(store, written, seed);
        var switches = (long)(await bank.ExecuteAsync("select count(*) from {schema}.audit where verb = 'projection-switch'"))!;
        TestContext.Current.TestOutputHelper?.WriteLine($"{switches} switches, {written.Values.Sum()} events");
        switches.ShouldBeGreaterThan(0);
    }

    private static async Task DisturbAsync(Random random, BankStore bank, EventStore store, List<Process> processes)
    {
        switch (random.Next(5))
        {
            case 0:
                var index = random.Next(processes.Count);
                processes[index].Kill();
                await processes[index].WaitForExitAsync(Cancelled);
                processes[index].Dispose();
                processes[index] = Begin(bank);
                break;
            case 1:
                await bank.ExecuteAsync(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity where query like '%{schema}%checkpoint%' "
                        + "and pid <> pg_backend_pid()");
                break;
            case 2:
                await bank.ExecuteAsync(
                    "update {schema}.checkpoints set owner = null, epoch = nextval('{schema}.epochs') where first = (select first from "
                        + "{schema}.checkpoints order by random() limit 1)");
                break;
            default:
                try
                {
                    await store.Projections.RebuildAsync("sums", Cancelled);
                }
                catch (ProjectionBusyException)
                {
                    // One is under way.
                }

                break;
        }
    }

    private static Process Begin(BankStore bank) => Process.Start(new ProcessStartInfo(
        "dotnet",
        ["exec", typeof(KilledRebuildTests).Assembly.Location, ViewProgram.Word, bank.StoreConnectionString, bank.Schema])
        {
            RedirectStandardInput = true,
        }).ShouldNotBeNull();

    private static async Task WriteAsync(EventStore store, ConcurrentDictionary<string, int> written, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var view = $"v{Random.Shared.Next(Views)}";
            await AddAsync(store, view, Random.Shared.Next(1, 100), written);
        }
    }

    private static async Task AddAsync(EventStore store, string view, int amount, ConcurrentDictionary<string, int> written)
    {
        await using var session = store.OpenSession();
        session.Events.Append($"s-{Random.Shared.Next(40)}", new Added(view, amount));
        while (true)
        {
            try
            {
                await session.SaveChangesAsync(Cancelled);
                break;
            }
            catch (Exception passing)
                when (passing is Npgsql.NpgsqlException or CommitOutcomeUnknownException or DatabaseUnavailableException)
            {
                // Its connection was ended: the same unit is saved again.
            }
        }

        written.AddOrUpdate(view, 1, static (_, count) => count + 1);
    }

    private static async Task ReadAsync(EventStore store, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var session = store.OpenQuerySession();
                var sums = await session.LoadManyAsync<Sum>(Enumerable.Range(0, Views).Select(static view => $"v{view}"), Cancelled);
                sums.Count.ShouldBe(Views);
                foreach (var sum in sums)
                {
                    sum.Count.ShouldBeGreaterThanOrEqualTo(counts.GetValueOrDefault(sum.Id), sum.Id);
                    counts[sum.Id] = sum.Count;
                }
            }
            catch (Exception passing) when (passing is Npgsql.NpgsqlException or DatabaseUnavailableException)
            {
                // Its connection was ended.
            }
        }
    }

    private static async Task CompareAsync(EventStore store, ConcurrentDictionary<string, int> written, int seed)
    {
        var expected = new Dictionary<string, Sum>();
        await using var session = store.OpenQuerySession();
        await foreach (var e in session.Events.ReadAllAsync(cancellationToken: Cancelled))
        {
            if (e.Data is Added added)
                expected[added.View] = SumProjection.Evolve(expected.GetValueOrDefault(added.View), added);
        }

        expected.Values.Sum(static sum => sum.Count).ShouldBe(written.Values.Sum(), $"seed {seed}");
        foreach (var sum in await session.LoadManyAsync<Sum>(expected.Keys, Cancelled))
        {
            var one = expected[sum.Id];
            (sum.Total, sum.Count, string.Join(' ', sum.Last)).ShouldBe((one.Total, one.Count, string.Join(' ', one.Last)), $"seed {seed}");
        }
    }
}
