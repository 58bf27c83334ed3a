using System.Collections.Concurrent;

namespace FluentEventStore.PostgresTests.Outbox;

/// <summary>
/// Random publishers, keys, failures, takeovers and restarts of several senders: nothing is lost, each key keeps its order, and where
/// nothing fails, nothing comes twice.
/// </summary>
public sealed class OutboxModelTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly int Units = LongForm.Of(150, 5_000);

    private readonly OutboxStore _bank = new(server);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<int>> _sent = new();
    private readonly ConcurrentDictionary<string, int> _sending = new();
    private readonly ConcurrentQueue<string> _faults = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Random_histories_keep_what_is_promised(bool fails, bool restarts)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var published = new ConcurrentDictionary<string, ConcurrentQueue<int>>();
        var senders = new List<(EventStore Store, IDaemon Daemon)>();
        for (var sender = 0; sender < 3; sender++)
            senders.Add(await StartAsync(fails, random.Next()));

        var numbers = new int[6];
        var publishing = Enumerable.Range(0, 6).Select(publisher => Task.Run(
            async () =>
            {
                var own = new Random(unchecked(seed + publisher));
                for (var unit = 0; unit < Units / 6; unit++)
                {
                    // A key belongs to one publisher here, so that its order is known.
                    var key = own.Next(3) is var which && which == 0 ? null : $"{publisher}-{which}";
                    await using var session = _bank.Store.OpenSession(own.Next(2) == 0 ? "a" : "b");
                    var queue = published.GetOrAdd($"{session.TenantId}/{key}", static _ => new());
                    List<int> mine = [];
                    for (var count = own.Next(1, 4); count > 0; count--)
                    {
                        var number = (numbers[publisher]++ * 6) + publisher;
                        session.Messages.Publish(new Numbered("model", number), key);
                        mine.Add(number);
                    }

                    if (own.Next(5) == 0)
                        continue;

                    await session.SaveChangesAsync(Token);
                    mine.ForEach(queue.Enqueue);
                }
            },
            Token)).ToArray();
        while (!Task.WhenAll(publishing).IsCompleted)
        {
            await Task.Delay(random.Next(30), Token);
            if (!restarts)
                continue;

            var which = random.Next(senders.Count);
            await senders[which].Daemon.StopAsync(new CancellationToken(random.Next(2) == 0));
            await senders[which].Store.DisposeAsync();
            senders[which] = await StartAsync(fails, random.Next());
        }

        await Task.WhenAll(publishing);
        await OutboxStore.IsEmptyAsync(_bank.Store);
        foreach (var (store, daemon) in senders)
        {
            await daemon.DisposeAsync();
            await store.DisposeAsync();
        }

        _faults.ShouldBeEmpty();
        foreach (var (key, expected) in published.Where(static one => !one.Value.IsEmpty))
        {
            var got = _sent[key].ToArray();
            var firsts = got.Distinct().ToArray();
            firsts.ShouldBe(expected, ignoreOrder: key.EndsWith('/'), $"{key}, seed {seed}");
            if (!restarts)
                got.Length.ShouldBe(firsts.Length, $"{key}, seed {seed}");
        }

        _sent.Keys.Except(published.Where(static one => !one.Value.IsEmpty).Select(static one => one.Key)).ShouldBeEmpty();
        (await _bank.ExecuteAsync("select count(*) from {schema}.message_lanes")).ShouldBe(0L);
    }

    private async Task<(EventStore Store, IDaemon Daemon)> StartAsync(bool fails, int seed)
    {
        var random = new Random(seed);
        var sink = new Sink(async (message, token) =>
        {
            var key = $"{message.TenantId}/{message.Key}";
            if (message.Key is not null && _sending.AddOrUpdate(key, 1, static (_, count) => count + 1) > 1)
                _faults.Enqueue($"{key} is sent by two at the same time");

            try
            {
                int chance;
                lock (random)
                    chance = random.Next(100);

                if (chance < 20)
                    await Task.Delay(chance % 5, token);

                if (fails && chance is > 80)
                    throw new InvalidOperationException("by chance");

                _sent.GetOrAdd(key, static _ => new()).Enqueue(((Numbered)message.Data).Number);
            }
            finally
            {
                _sending.AddOrUpdate(key, 0, static (_, count) => count - 1);
            }
        });
        var store = _bank.With(sink, static options =>
        {
            options.Messages.FirstPause = TimeSpan.FromMilliseconds(5);
            options.Messages.LongestPause = TimeSpan.FromMilliseconds(40);
            options.Messages.AlarmPause = TimeSpan.FromMilliseconds(40);
            options.Messages.Lease = TimeSpan.FromSeconds(5);
        });
        var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync(Token);
        return (store, daemon);
    }
}
