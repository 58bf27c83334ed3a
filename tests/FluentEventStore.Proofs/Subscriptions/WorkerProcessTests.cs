namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>Processes that carry subscriptions are killed and paused while events are appended.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 kills and pauses five times as many.</remarks>
public sealed class WorkerProcessTests(PostgresServer server)
{
    private const int Workers = 4;

    private static readonly int Kills = LongForm.Of(50, 250);
    private static readonly int Pauses = LongForm.Of(20, 100);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_event_is_handled_in_order_while_workers_are_killed_and_paused_beyond_their_lease()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        await using var crew = new Crew(bank.StoreConnectionString, bank.Schema, Workers);
        await crew.StartAsync();
        var writers = new NumberWriters(bank.Store, seed);
        using var enough = new CancellationTokenSource();
        var writing = writers.RunAsync(enough.Token);

        await Task.WhenAll(KillAsync(crew, new Random(seed + 100)), PauseAsync(crew, new Random(seed + 200)));

        await enough.CancelAsync();
        await writing;
        var isDone = await Copying.CatchUpAsync(bank.Store, TimeSpan.FromMinutes(2), WorkerProgram.Pulled);
        var outcomes = await Copying.CompareAsync(bank.Store, writers.Written, crew.Effects, WorkerProgram.Pulled);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{writers.Count} events, {Kills} kills, {Pauses} pauses, {crew.FencedCommits} commits of paused processes refused, "
                + $"{crew.Effects.Count} effects outside");
        isDone.ShouldBeTrue();
        outcomes.ShouldAllBe(static outcome => outcome.Value.IsClean);
        writers.Count.ShouldBeGreaterThan(500);
        crew.FencedCommits.ShouldBeGreaterThan(0);
    }

    private static async Task KillAsync(Crew crew, Random random)
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            await crew.KillAsync(random, mustBeReady: random.Next(4) > 0);
            await Task.Delay(random.Next(700), Token);
        }
    }

    private static async Task PauseAsync(Crew crew, Random random)
    {
        for (var pause = 0; pause < Pauses; pause++)
        {
            await crew.PauseAsync(random, Copying.Lease + TimeSpan.FromMilliseconds(random.Next(300, 1_500)));
            await Task.Delay(random.Next(300), Token);
        }
    }
}
