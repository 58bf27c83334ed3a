using System.Diagnostics;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>Streams are archived, deleted, truncated, compacted, erased, masked and linked while subscriptions follow them.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 goes on for two minutes.</remarks>
public sealed class LifeCycleRaceTests(PostgresServer server)
{
    private const int Actors = 3;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(LongForm.Of(12, 120));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_in_the_log_at_the_end_was_handled_once_in_order_whatever_became_of_the_rest()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        await using var store = bank.CreateStore(static options =>
        {
            options.Events.AllowHardDelete = true;
            options.Privacy.Mask<PersonRegistered>(static e => e with { Plan = "masked" });
        });
        await using var first = Follow(bank);
        var daemons = new Queue<IDaemon>();
        await StartAsync(first, daemons);
        await StartAsync(first, daemons);

        using var enough = new CancellationTokenSource();
        var actors = Enumerable.Range(0, Actors).Select(number => new LifeCycleActor(store, number, seed)).ToList();
        var acting = Task.WhenAll(actors.Select(actor => Task.Run(() => actor.RunAsync(enough.Token))));
        await DisturbAsync(bank, first, daemons, new Random(seed));
        await enough.CancelAsync();
        await acting;

        await SubscriptionLag.EndsAsync(store, "all", "linked");
        var (all, linked) = (await CompareLogAsync(store), await CompareLinksAsync(store));
        var calls = actors.SelectMany(static actor => actor.Calls).GroupBy(static call => call.Key, static call => call.Value);
        TestContext.Current.TestOutputHelper?.WriteLine($"log: {all}; links: {linked}");
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", calls.OrderBy(static call => call.Key).Select(static call => $"{call.Sum()} x {call.Key}")));
        all.IsClean.ShouldBeTrue();
        linked.IsClean.ShouldBeTrue();
        all.Events.ShouldBeGreaterThan(50);
        linked.Events.ShouldBeGreaterThan(0);
        foreach (var daemon in daemons)
            await daemon.DisposeAsync();
    }

    private static EventStore Follow(BankStore bank) => bank.CreateStore(static options =>
    {
        options.Subscriptions.Lease = Copying.Lease;
        options.Subscriptions.Add("all", static subscription => subscription
            .Filter(static filter => filter.OfStreams(LifeCycleActor.Streams))
            .PartitionByStream(4)
            .Handle(static (e, context) =>
            {
                context.Session.Events.Append($"seen-{e.StreamId}", new NumberCopied((int)e.Position));
                return Task.CompletedTask;
            }));
        options.Subscriptions.Add("linked", static subscription => subscription
            .ForStream(LifeCycleActor.Linked)
            .Handle(static (e, context) =>
            {
                context.Session.Events.Append("linked-seen", new NumberCopied((int)e.Link!.Version));
                return Task.CompletedTask;
            }));
    });

    private static async Task StartAsync(EventStore store, Queue<IDaemon> daemons)
    {
        var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync(Token);
        daemons.Enqueue(daemon);
    }

    // Who takes a range over looks whether the log still holds the event that was handled last.
    private static async Task DisturbAsync(BankStore bank, EventStore store, Queue<IDaemon> daemons, Random random)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Time)
        {
            await Takeover.OfOneRangeAsync(bank, random, ranges: 5);
            if (random.Next(5) == 0)
            {
                await daemons.Dequeue().DisposeAsync();
                await StartAsync(store, daemons);
            }

            await Task.Delay(random.Next(200), Token);
        }
    }

    private static async Task<Outcome> CompareLogAsync(EventStore store)
    {
        await using var session = store.OpenQuerySession();
        var filter = new EventFilter().OfStreams(LifeCycleActor.Streams).IncludeArchived().IncludeDeleted();
        var kept = new List<long>();
        await foreach (var e in session.Events.ReadAllAsync(filter, Token))
            kept.Add(e.Position);

        var seen = new Dictionary<string, List<long>>();
        await foreach (var e in session.Events.ReadAllAsync(new EventFilter().OfStreams("seen-"), Token))
        {
            if (!seen.TryGetValue(e.StreamId.Value, out var positions))
                seen.Add(e.StreamId.Value, positions = []);

            positions.Add(((NumberCopied)e.Data).Number);
        }

        return Judge(kept, seen.Values);
    }

    private static async Task<Outcome> CompareLinksAsync(EventStore store)
    {
        await using var session = store.OpenQuerySession();
        var kept = (await session.Events.FetchStreamAsync(LifeCycleActor.Linked, Token)).Select(static e => e.Link!.Version);
        var seen = (await session.Events.FetchStreamAsync("linked-seen", Token)).Select(static e => (long)((NumberCopied)e.Data).Number);
        return Judge([.. kept], [[.. seen]]);
    }

    private static Outcome Judge(List<long> kept, IReadOnlyCollection<List<long>> seen)
    {
        var all = seen.SelectMany(static one => one).ToList();
        var once = all.ToHashSet();
        return new Outcome(
            kept.Count,
            kept.Count(position => !once.Contains(position)),
            all.Count - once.Count,
            seen.Sum(static one => one.Zip(one.Skip(1)).Count(static pair => pair.Second < pair.First)));
    }
}
