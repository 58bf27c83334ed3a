using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.Proofs.Subscriptions.Working;

/// <summary>Events that cannot be read, in random histories of declared subscriptions.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 makes ten times as many histories.</remarks>
public sealed class DeclaredUnreadableTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private readonly SpoiledStreams _streams = new(bank);
    private readonly string _name = $"s-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Histories => [.. Enumerable.Range(1, LongForm.Of(4, 40))];

    [Theory, MemberData(nameof(Histories))]
    public async Task Each_event_is_handled_once_in_order_or_skipped_once_and_a_mended_one_is_handled(int history)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var then = (FailedEvent)random.Next(3);
        var ofOne = random.Next(4) == 0;
        await using var store = Store(random, then, ofOne);
        var daemon = await StartAsync(store);
        for (var step = 0; step < 25; step++)
        {
            switch (random.Next(8))
            {
                case 0:
                    await daemon.DisposeAsync();
                    daemon = await StartAsync(store);
                    break;
                case 1:
                    await _streams.MendAsync(random.Next(4));
                    break;
                case 2:
                    await store.Subscriptions.ResumeAsync(_name, Token);
                    await store.Subscriptions.ReplayParkedAsync(_name, Token);
                    break;
                case 3 when !ofOne:
                    await store.Subscriptions.SplitAsync(_name, random.Next(1, 5), Token);
                    break;
                default:
                    await _streams.AppendAsync(random, ofOne);
                    break;
            }
        }

        await EndAsync(store, daemon, then);
        await daemon.DisposeAsync();
        var skipped = await _streams.FetchSkippedAsync(_name);
        TestContext.Current.TestOutputHelper?.WriteLine($"history {history}, seed {seed}: {then}, {skipped.Count} skipped");
        foreach (var (stream, texts) in _streams.Written)
            (await SeenAsync(store, stream)).ShouldBe(texts.Where(text => !skipped.ContainsKey(text)), $"seed {seed}");

        skipped.ShouldAllBe(one => then == FailedEvent.Skip && one.Value == 1);
    }

    private async Task EndAsync(EventStore store, IDaemon daemon, FailedEvent then)
    {
        using var limit = SpoiledStreams.Limit();
        if (then == FailedEvent.Skip)
        {
            await daemon.CatchUpAsync(limit.Token);
            return;
        }

        await _streams.MendAsync(int.MaxValue);
        while (await SubscriptionStore.StatusAsync(store, _name) is not { Parked: 0, Lag: 0 })
        {
            await store.Subscriptions.ResumeAsync(_name, Token);
            await store.Subscriptions.ReplayParkedAsync(_name, Token);
            await Task.Delay(100, limit.Token);
        }
    }

    private static async Task<IEnumerable<string>> SeenAsync(EventStore store, string stream)
    {
        await using var session = store.OpenQuerySession();
        return (await session.Events.FetchStreamAsync($"seen-{stream}", Token)).Select(static one => ((NoteTaken)one.Data).Text);
    }

    private EventStore Store(Random random, FailedEvent then, bool ofOne)
    {
        var partition = random.Next(2) == 0 ? Partition.ByStream : Partition.By("name", static one => one.StreamId.Value);
        var (ranges, inPages) = (random.Next(1, 4), random.Next(3) == 0);
        return bank.With(_name, subscription =>
        {
            _ = ofOne
                ? subscription.ForStream(_streams.One)
                : subscription.Filter(filter => filter.OfStreams(_streams.Prefix)).PartitionBy(partition, ranges);
            subscription.OnError(1, then, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5));
            _ = inPages
                ? subscription.HandlePages(static (events, context) =>
                {
                    foreach (var one in events)
                        Copy(one, context);

                    return Task.CompletedTask;
                })
                : subscription.Handle(static (one, context) =>
                {
                    Copy(one, context);
                    return Task.CompletedTask;
                });
        });
    }

    private static void Copy(IEvent one, SubscriptionContext context) => context.Session.Events.Append($"seen-{one.StreamId}", one.Data);

    private static async Task<IDaemon> StartAsync(EventStore store)
    {
        var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        return daemon;
    }
}
