using Npgsql;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>A process is paused while it sends the commit of a page: the server has locked its rows and waits for the rest.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 tries it 30 times.</remarks>
public sealed class HalfSentPageTests(PostgresServer server)
{
    private static readonly int Rounds = LongForm.Of(4, 30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_page_that_a_paused_process_has_half_sent_holds_up_nobody_beyond_its_lease_and_is_not_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        await using var proxy = new TcpProxy(new NpgsqlConnectionStringBuilder(bank.StoreConnectionString)
        {
            ApplicationName = _name,
            MaxAutoPrepare = 0,
        }.ConnectionString);
        await using var crew = new Crew(proxy.ConnectionString, bank.Schema, size: 1);
        await crew.StartAsync();
        await using var carriers = new Carriers(bank, crew.Effects);
        await carriers.StartAsync(1);
        var writers = new NumberWriters(bank.Store, seed) { LongestRest = TimeSpan.FromMilliseconds(30) };
        using var enough = new CancellationTokenSource();
        var writing = writers.RunAsync(enough.Token);
        for (var round = 0; round < Rounds; round++)
        {
            await HoldPageAsync(bank, proxy);
            await crew.PauseAsync(random, async () =>
            {
                var end = (await bank.Store.Log.StatusAsync(Token)).LastPosition;
                await HandledAsync(bank.Store, end);
            });
            proxy.SendOn();
        }

        await enough.CancelAsync();
        await writing;
        var isDone = await Copying.CatchUpAsync(bank.Store, TimeSpan.FromMinutes(1), WorkerProgram.Pulled);
        var outcomes = await Copying.CompareAsync(bank.Store, writers.Written, crew.Effects, WorkerProgram.Pulled);
        TestContext.Current.TestOutputHelper?.WriteLine($"{writers.Count} events, {Rounds} pages half sent");
        isDone.ShouldBeTrue();
        outcomes.ShouldAllBe(static outcome => outcome.Value.IsClean);
    }

    // One that is refused locks nothing; nobody else carries what is pulled.
    private async Task HoldPageAsync(BankStore bank, TcpProxy proxy)
    {
        while (true)
        {
            proxy.BreakNext(TcpProxy.Break.NeverAndTheEndComesLate, text: "move_checkpoint");
            await proxy.Met.WaitAsync(TimeSpan.FromMinutes(1), Token);
            if (await HasLockedAsync(bank))
                return;

            proxy.SendOn();
        }
    }

    private async Task<bool> HasLockedAsync(BankStore bank) => (bool)(await bank.ExecuteAsync($$"""
        select exists (
          select from {schema}.checkpoints c
          join pg_locks l on l.locktype = 'transactionid' and l.granted and l.transactionid = c.xmax
          join pg_stat_activity a on a.pid = l.pid
          where a.application_name like '{{_name}}%' and a.wait_event = 'ClientRead' and c.subscription <> '{{WorkerProgram.Pulled}}')
        """))!;

    // What only the paused process pulls waits for it. On a machine that is so busy that nobody looks for a lease, nobody takes over.
    private static async Task HandledAsync(EventStore store, long end)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        while (true)
        {
            var all = await store.Subscriptions.StatusAsync(limit.Token);
            if (all.Where(static status => Copying.Names.Contains(status.Name)).All(status => status.Position >= end))
                return;

            await Task.Delay(20, limit.Token);
        }
    }
}
