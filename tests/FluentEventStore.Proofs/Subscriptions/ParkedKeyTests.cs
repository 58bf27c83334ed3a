namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>A thousand keys whose events fail by chance are parked and replayed until all is done.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 gives each key five times as many events.</remarks>
public sealed class ParkedKeyTests(PostgresServer server)
{
    private const int Keys = 1_000;

    private static readonly int EventsOfKey = LongForm.Of(4, 20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private double _failureRate = 0.3;

    [Fact]
    public async Task Every_event_of_a_thousand_keys_is_handled_once_in_order_however_often_it_is_parked_and_replayed()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        var effects = new Effects();
        await using var carriers = new Carriers(bank, effects)
        {
            Then = FailedEvent.Park,
            Before = _ => Random.Shared.NextDouble() < Volatile.Read(ref _failureRate)
                ? throw new InvalidOperationException("It fails by chance.")
                : Task.CompletedTask,
        };
        await carriers.StartAsync(2);
        for (var number = 1; number <= EventsOfKey; number++)
            await AppendAsync(bank.Store, number);

        var (mostParked, replays) = (0, 0);
        while (await ParkedAsync(bank.Store) is { } parked)
        {
            mostParked = Math.Max(mostParked, parked);
            replays += await ReplayAsync(bank.Store, random);
            await Takeover.OfOneRangeAsync(bank, random, ranges: 11);
            _failureRate = Math.Max(_failureRate - 0.02, 0);
            await Task.Delay(random.Next(300), Token);
        }

        await SubscriptionLag.EndsAsync(bank.Store, Copying.Names);
        var written = Enumerable.Range(0, Keys).ToDictionary(StreamOf, static _ => EventsOfKey);
        var outcomes = await Copying.CompareAsync(bank.Store, written, effects);
        TestContext.Current.TestOutputHelper?.WriteLine($"{mostParked} keys were parked at most, {replays} wishes to replay one");
        outcomes.ShouldAllBe(static outcome => outcome.Value.IsClean);
        mostParked.ShouldBeGreaterThan(Keys / 10);
    }

    private static string StreamOf(int key) => $"{Copying.Sources}{key}";

    private static async Task AppendAsync(EventStore store, int number)
    {
        foreach (var keys in Enumerable.Range(0, Keys).Chunk(100))
        {
            await using var session = store.OpenSession();
            foreach (var key in keys)
                session.Events.Append(StreamOf(key), new Counted(number));

            await session.SaveChangesAsync(Token);
        }
    }

    /// <returns>How many keys are parked; <see langword="null"/> once none is, and everything is handled.</returns>
    private static async Task<int?> ParkedAsync(EventStore store)
    {
        var all = await store.Subscriptions.StatusAsync(Token);
        all.ShouldAllBe(static status => status.State != SubscriptionState.Faulted);
        return all.All(static status => status is { Lag: 0, Parked: 0 }) ? null : all.Sum(static status => status.Parked);
    }

    /// <summary>All keys of a subscription, some, one, or the first events of one.</summary>
    private static async Task<int> ReplayAsync(EventStore store, Random random)
    {
        var (name, subscriptions) = (Copying.Names[random.Next(Copying.Names.Length)], store.Subscriptions);
        switch (random.Next(4))
        {
            case 0:
                return await subscriptions.ReplayParkedAsync(name, Token);
            case 1:
                return await subscriptions.ReplayParkedAsync(name, random.Next(1, 500), Token);
            default:
                var parked = await subscriptions.ListParkedAsync(name, after: 0, maxCount: 200, Token);
                foreach (var key in parked.Where(_ => random.Next(2) == 0))
                {
                    await (random.Next(2) == 0
                        ? subscriptions.ReplayParkedAsync(key, Token)
                        : subscriptions.ReplayParkedAsync(key, random.Next(1, 3), Token));
                }

                return parked.Count / 2;
        }
    }
}
