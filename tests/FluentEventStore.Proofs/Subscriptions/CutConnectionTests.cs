namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>Connections are cut in the middle of the commits of pages.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 cuts 1,000.</remarks>
public sealed class CutConnectionTests(PostgresServer server)
{
    private static readonly int Cuts = LongForm.Of(200, 1_000);

    private static readonly TcpProxy.Break[] Kinds =
    [
        TcpProxy.Break.BeforeTheServerGetsIt,
        TcpProxy.Break.InTheMiddleOfTheRequest,
        TcpProxy.Break.BeforeTheClientGetsTheAnswer,
    ];

    [Fact]
    public async Task Every_event_is_handled_once_in_order_while_connections_are_cut_before_in_and_after_the_commit_of_a_page()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        var effects = new Effects();

        // What is prepared would be cut as well, but could not be told from the rest.
        await using var proxy = new TcpProxy($"{bank.StoreConnectionString};Max Auto Prepare=0");
        await using var carriers = new Carriers(bank, effects) { ConnectionString = proxy.ConnectionString };
        await carriers.StartAsync(2);
        var writers = new NumberWriters(bank.Store, seed) { LongestRest = TimeSpan.FromMilliseconds(40) };
        using var enough = new CancellationTokenSource();
        var writing = writers.RunAsync(enough.Token);
        var cuts = Kinds.ToDictionary(static kind => kind, static _ => 0);
        for (var cut = 0; cut < Cuts; cut++)
        {
            var kind = Kinds[random.Next(Kinds.Length)];
            proxy.BreakNext(kind, text: "move_checkpoint");
            await proxy.Met.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            cuts[kind]++;
        }

        await enough.CancelAsync();
        await writing;
        var isDone = await Copying.CatchUpAsync(bank.Store, TimeSpan.FromMinutes(1));
        var outcomes = await Copying.CompareAsync(bank.Store, writers.Written, effects);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{writers.Count} events, {string.Join(", ", cuts.Select(static cut => $"{cut.Value} x {cut.Key}"))}");
        isDone.ShouldBeTrue(string.Join("\n", await bank.Store.Subscriptions.StatusAsync(TestContext.Current.CancellationToken)));
        outcomes.ShouldAllBe(static outcome => outcome.Value.IsClean);
    }
}
