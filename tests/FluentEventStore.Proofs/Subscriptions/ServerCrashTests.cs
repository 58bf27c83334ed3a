using FluentEventStore.Proofs.Reliability;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>The server crashes and comes back; the processes that carry subscriptions stay.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 crashes it 40 times.</remarks>
public sealed class ServerCrashTests
{
    private const int Workers = 2;

    private static readonly int Crashes = LongForm.Of(10, 40);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_event_is_handled_once_in_order_by_workers_that_survive_crashes_of_the_server()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable(LocalPostgres.EnvironmentVariable) is { Length: > 0 },
            $"{LocalPostgres.EnvironmentVariable} names a server, and this test crashes its own: unset it.");
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("data") };
        var postgres = await LocalPostgres.StartAsync(options, Token);

        // Each start may take another port.
        await using var proxy = new TcpProxy(postgres.ConnectionString);
        await using var store = EventStore.For(settings => settings.Connection(proxy.ConnectionString));
        await store.Schema.ApplyAsync(Token);
        await using var crew = new Crew(proxy.ConnectionString, schema: "event_store", Workers);
        await crew.StartAsync();
        var writers = new NumberWriters(store, seed);
        using var enough = new CancellationTokenSource();
        var writing = writers.RunAsync(enough.Token);
        for (var crash = 0; crash < Crashes; crash++)
        {
            // Only once the workers are at work again.
            var next = crew.Effects.Count + random.Next(50, 400);
            while (crew.Effects.Count < next)
                await Task.Delay(1, Token);

            await Crash.OfAsync(postgres.ConnectionString);
            await postgres.DisposeAsync();
            postgres = await LocalPostgres.StartAsync(options, Token);
            proxy.LeadTo(postgres.ConnectionString);
        }

        await enough.CancelAsync();
        await writing;
        var isDone = await Copying.CatchUpAsync(store, TimeSpan.FromMinutes(2), WorkerProgram.Pulled);
        var outcomes = await Copying.CompareAsync(store, writers.Written, crew.Effects, WorkerProgram.Pulled);
        TestContext.Current.TestOutputHelper?.WriteLine($"{writers.Count} events, {Crashes} crashes");
        await postgres.DisposeAsync();
        isDone.ShouldBeTrue();
        outcomes.ShouldAllBe(static outcome => outcome.Value.IsClean);
    }
}
