using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Subscriptions;
using FluentEventStore.Proofs.Subscriptions.Working;
using Npgsql;

namespace FluentEventStore.Proofs.Subscriptions.Pulling;

/// <summary>
/// Events that cannot be read, in random histories of pulled subscriptions: consumers of two processes answer by chance, come and go, and
/// lose their ranges and connections. Where bad events are skipped, none is mended: it may come again behind later ones, if nobody has
/// written yet that it was skipped.
/// </summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 makes ten times as many histories.</remarks>
public sealed class PulledUnreadableTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private readonly SpoiledStreams _streams = new(bank);
    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _carrier = $"carrier-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<(string Stream, string Text)> _done = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Histories => [.. Enumerable.Range(1, LongForm.Of(4, 40))];

    [Theory, MemberData(nameof(Histories))]
    public async Task Each_event_is_handled_in_order_or_skipped_and_a_mended_one_is_handled(int history)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var (then, ofOne) = ((FailedEvent)random.Next(3), random.Next(4) == 0);
        var options = Options(random, then, ofOne);
        await using var first = Store();
        await using var second = Store();
        var consumers = new List<PullingConsumer> { Begin(first), Begin(second), Begin(second) };
        for (var step = 0; step < 25; step++)
        {
            if (random.Next(8) == 0)
            {
                var index = random.Next(consumers.Count);
                await consumers[index].DisposeAsync();
                consumers[index] = Begin(random.Next(2) == 0 ? first : second);
            }
            else
            {
                await StepAsync(random, then, ofOne);
            }
        }

        if (then != FailedEvent.Skip)
            await _streams.MendAsync(int.MaxValue);

        await EndAsync();
        foreach (var consumer in consumers)
            await consumer.DisposeAsync();

        var skipped = await _streams.FetchSkippedAsync(_name);
        TestContext.Current.TestOutputHelper?.WriteLine($"history {history}, seed {seed}: {then}, {skipped.Count} skipped");
        var done = _done.ToLookup(static one => one.Stream, static one => one.Text);
        foreach (var (stream, texts) in _streams.Written)
        {
            // One that was done and not answered is done again.
            done[stream].Distinct().ShouldBe(texts.Where(text => !skipped.ContainsKey(text)), $"seed {seed}");
        }

        skipped.ShouldAllBe(one => then == FailedEvent.Skip && !one.Key.StartsWith("a good one", StringComparison.Ordinal));

        PullingConsumer Begin(EventStore store) =>
            new(() => store.Subscriptions.OpenAsync(_name, options, Token), new Random(random.Next()), _done);
    }

    private async Task StepAsync(Random random, FailedEvent then, bool ofOne)
    {
        var all = bank.Store.Subscriptions;
        switch (random.Next(12))
        {
            case 0 when then != FailedEvent.Skip:
                await _streams.MendAsync(random.Next(4));
                break;
            case 1:
                await ResumeAsync();
                break;
            case 2 when !ofOne:
                await ChangeAsync(token => all.SplitAsync(_name, random.Next(1, 5), token));
                break;
            case 3 when !ofOne:
                await ChangeAsync(token => all.MergeAsync(_name, 1, token));
                break;
            case 4:
                await ChangeAsync(token => all.PauseAsync(_name, token));
                await _streams.AppendAsync(random, ofOne);
                await ResumeAsync();
                break;
            case 5:
                await bank.ExecuteAsync($$"""
                    update {schema}.checkpoints set owner = null, epoch = nextval('{schema}.epochs') where subscription = '{{_name}}'
                    """);
                break;
            case 6:
                await bank.ExecuteAsync(
                    $"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{_carrier}' and random() < 0.5");
                break;
            default:
                await _streams.AppendAsync(random, ofOne);
                break;
        }
    }

    private async Task EndAsync()
    {
        using var limit = SpoiledStreams.Limit();
        do
        {
            await ResumeAsync();
            await Task.Delay(100, limit.Token);
        }
        while (await SubscriptionStore.StatusAsync(bank.Store, _name) is not { Parked: 0, Lag: 0 });
    }

    private async Task ResumeAsync()
    {
        await ChangeAsync(token => bank.Store.Subscriptions.ResumeAsync(_name, token));
        await ChangeAsync(token => bank.Store.Subscriptions.ReplayParkedAsync(_name, token));
    }

    // It may not be there yet, and a merge waits for ranges that have stopped.
    private static async Task ChangeAsync(Func<CancellationToken, Task> change)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Token);
        soon.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            await change(soon.Token);
        }
        catch (Exception failure) when (failure is SubscriptionNotFoundException or SubscriptionStoppedException
            || (failure is OperationCanceledException && soon.IsCancellationRequested))
        {
        }
    }

    private SubscriptionOptions Options(Random random, FailedEvent then, bool ofOne)
    {
        var options = new SubscriptionOptions
        {
            Unreadable = then,
            CheckpointAfterCount = 7,
            CheckpointAfter = TimeSpan.FromMilliseconds(200),
            BufferSize = 20,
        };
        if (ofOne)
        {
            options.Stream = _streams.One;
            return options;
        }

        options.Filter = new EventFilter().OfStreams(_streams.Prefix);
        options.Partition = random.Next(2) == 0 ? Partition.ByStream : Partition.By("name", static one => one.StreamId.Value);
        options.Concurrency = 2;
        return options;
    }

    private EventStore Store() => bank.CreateStore(options => options.Connection(
        new NpgsqlConnectionStringBuilder(bank.StoreConnectionString) { ApplicationName = _carrier }.ConnectionString));
}
