using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

public sealed class HostileHandlerTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly ConcurrentQueue<string> _handled = new();

    private static CancellationToken Limit(int seconds = 25)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        source.CancelAfter(TimeSpan.FromSeconds(seconds));
        return source.Token;
    }

    private static bool Throw() => throw new InvalidOperationException("x");

    private static string TextOf(IEvent e) => ((NoteTaken)e.Data).Text;

    private Task<Commit> AppendAsync(string stream, params string[] texts) =>
        bank.AppendAsync($"{_prefix}{stream}", [.. texts.Select(text => (object)new NoteTaken(text))]);

    private Task Note(IEvent e, SubscriptionContext c)
    {
        _handled.Enqueue(TextOf(e));
        return Task.CompletedTask;
    }

    [Fact]
    public async Task An_event_whose_key_failed_is_handled_once_the_function_is_mended_whichever_range_it_is_of()
    {
        var mended = false;
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix))
            .OnError(0, FailedEvent.Stop, Soon, Soon)
            .PartitionBy(Partition.By("mine", e => TextOf(e).StartsWith("bad", StringComparison.Ordinal)
                && !Volatile.Read(ref mended) ? throw new InvalidOperationException("x") : TextOf(e)), 8)
            .Handle(Note));
        for (var i = 0; i < 6; i++)
            await AppendAsync($"a{i}", $"bad{i}", $"good{i}");
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await SubscriptionStore.WaitAsync(store, _name, s => s.State == SubscriptionState.Faulted);
        await Task.Delay(1500, Token);
        Volatile.Write(ref mended, true);
        await store.Subscriptions.ResumeAsync(_name, Token);
        await daemon.CatchUpAsync(Limit());
        _handled.Order().ShouldBe(Enumerable.Range(0, 6).SelectMany(i => new[] { $"bad{i}", $"good{i}" }).Order());
    }

    [Fact]
    public async Task An_event_whose_predicate_failed_is_parked_with_its_key_and_handled_by_a_replay_once_that_is_mended()
    {
        var mended = false;
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix))
            .OnError(0, FailedEvent.Park, Soon, Soon)
            .Where(e => TextOf(e) != "bad"
                || Volatile.Read(ref mended) || Throw())
            .Handle(Note));
        await AppendAsync("a", "bad", "after");
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        
        (await SubscriptionStore.StatusAsync(store, _name)).Parked.ShouldBe(1);
        _handled.ShouldBeEmpty("later events of the stream wait behind it");
        await store.Subscriptions.ReplayParkedAsync(_name, Token);
        await Task.Delay(2000, Token);
        (await SubscriptionStore.StatusAsync(store, _name)).Parked.ShouldBe(1, "it still fails");
        Volatile.Write(ref mended, true);
        await store.Subscriptions.ReplayParkedAsync(_name, Token);
        await SubscriptionStore.WaitAsync(store, _name, s => s.Parked == 0);
        _handled.ShouldBe(["bad", "after"]);
    }

    [Fact]
    public async Task A_replay_while_a_predicate_still_fails_leaves_the_key_parked()
    {
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix))
            .OnError(0, FailedEvent.Park, Soon, Soon)
            .Where(e => TextOf(e) != "bad" || Throw())
            .Handle(Note));
        await AppendAsync("a", "bad", "after");
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await store.Subscriptions.ReplayParkedAsync(_name, Token);
        await Task.Delay(2000, Token);
        (await SubscriptionStore.StatusAsync(store, _name)).Parked.ShouldBe(1, "it still fails");
    }

    [Fact]
    public async Task An_event_that_was_parked_without_a_key_is_handled_by_a_replay_once_it_has_one()
    {
        var mended = false;
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix))
            .OnError(0, FailedEvent.Park, Soon, Soon)
            .PartitionBy(Partition.By("mine", e => TextOf(e) == "bad"
                && !Volatile.Read(ref mended) ? throw new InvalidOperationException("x") : TextOf(e)), 4)
            .Handle(Note));
        await AppendAsync("a", "bad", "after");
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        Volatile.Write(ref mended, true);
        await store.Subscriptions.ReplayParkedAsync(_name, Token);
        await SubscriptionStore.WaitAsync(store, _name, s => s.Parked == 0);
        _handled.ShouldBe(["after", "bad"]);
    }

    [Fact]
    public async Task An_event_whose_predicate_failed_is_handled_once_that_is_mended()
    {
        var mended = false;
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix))
            .OnError(0, FailedEvent.Stop, Soon, Soon)
            .PartitionByStream(8)
            .Where(e => !TextOf(e).StartsWith("bad", StringComparison.Ordinal)
                || Volatile.Read(ref mended) || Throw())
            .Handle(Note));
        for (var i = 0; i < 6; i++)
            await AppendAsync($"a{i}", $"bad{i}", $"good{i}");
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await SubscriptionStore.WaitAsync(store, _name, s => s.State == SubscriptionState.Faulted);
        await Task.Delay(1500, Token);
        Volatile.Write(ref mended, true);
        await store.Subscriptions.ResumeAsync(_name, Token);
        await daemon.CatchUpAsync(Limit());
        _handled.Order().ShouldBe(Enumerable.Range(0, 6).SelectMany(i => new[] { $"bad{i}", $"good{i}" }).Order());
    }

    [Theory]
    [InlineData("nul")]
    [InlineData("lone")]
    [InlineData("long")]
    public async Task A_key_that_cannot_be_kept_as_it_is_holds_up_nothing(string kind)
    {
        var key = kind switch
        {
            "nul" => "a\0b",
            "lone" => "a\uD800b",
            _ => string.Concat(Enumerable.Range(0, 400).Select(_ => Guid.NewGuid().ToString("N"))),
        };
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix))
            .OnError(0, FailedEvent.Park, Soon, Soon)
            .PartitionBy(Partition.By("mine", e => TextOf(e) == "bad" ? key : "k"), 1)
            .Handle((e, c) => TextOf(e) == "bad" ? throw new InvalidOperationException("no") : Note(e, c)));
        await AppendAsync("a", "bad", "after");
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await daemon.CatchUpAsync(Limit(10));
        _handled.ShouldBe(["after"]);
    }

    [Fact]
    public async Task An_event_with_a_long_correlation_is_parked_by_it()
    {
        var id = string.Concat(Enumerable.Range(0, 240).Select(_ => Guid.NewGuid().ToString("N")));
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix))
            .OnError(0, FailedEvent.Park, Soon, Soon)
            .PartitionBy(Partition.ByCorrelation)
            .Handle((e, c) => TextOf(e) == "bad" ? throw new InvalidOperationException("no") : Note(e, c)));
        await using (var session = bank.Store.OpenSession())
        {
            session.CorrelationId = id;
            session.Events.Append($"{_prefix}a", new NoteTaken("bad"));
            await session.SaveChangesAsync(Token);
        }
        await AppendAsync("a", "after");
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await daemon.CatchUpAsync(Limit(10));
        _handled.ShouldBe(["after"]);
    }

    [Fact]
    public async Task A_handler_that_runs_out_of_memory_has_failed()
    {
        var calls = 0;
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix))
            .OnError(1, FailedEvent.Skip, Soon, Soon)
            .Handle((e, c) =>
            {
                if (TextOf(e) != "bad")
                    return Note(e, c);
                Interlocked.Increment(ref calls);
                throw new InsufficientMemoryException("too much");
            }));
        await AppendAsync("a", "bad", "after");
        var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        try
        {
            await daemon.CatchUpAsync(Limit(8));
        }
        catch (OperationCanceledException)
        {
        }
        
        await daemon.DisposeAsync();
        calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_handler_that_takes_its_time_when_it_is_cancelled_does_not_silence_its_node()
    {
        var entered = new TaskCompletionSource();
        var other = $"{_name}-other";
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix))
            .Handle(async (e, c) =>
            {
                entered.TrySetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, c.CancellationToken);
                }
                finally
                {
                    Thread.Sleep(7000);
                }
            }), o => o.Subscriptions.Lease = TimeSpan.FromSeconds(1));
        await AppendAsync("a", "1");
        await using var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync(Token);
        await entered.Task.WaitAsync(Limit());
        var before = await BeatAsync();
        await store.Subscriptions.RewindAsync(_name, 0, Token);
        await Task.Delay(3000, Token);
        var age = await bank.ExecuteAsync("select extract(epoch from max(clock_timestamp() - beat))::float8 from {schema}.nodes");
        ((double)age!).ShouldBeLessThan(1.0);
        async Task<object?> BeatAsync() => await bank.ExecuteAsync("select max(beat) from {schema}.nodes");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_exception_without_a_message_is_a_failure_as_others_are(bool isNull)
    {
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStream($"{_prefix}a"))
            .OnError(1, FailedEvent.Skip, Soon, Soon)
            .Handle((e, c) =>
            {
                c.Session.Events.Append($"{_prefix}out", new NoteTaken(TextOf(e)));
                return TextOf(e) == "bad" ? throw (isNull ? new NullMessage() : new BadMessage()) : Note(e, c);
            }));
        await AppendAsync("a", "0", "bad", "after");
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await daemon.CatchUpAsync(Limit(10));
        (await bank.FetchAsync($"{_prefix}out")).Select(TextOf).ShouldBe(["0", "after"]);
    }

    private sealed class NullMessage : Exception
    {
        public override string Message => null!;
    }

    private sealed class BadMessage : Exception
    {
        public override string Message => throw new InvalidOperationException("message");
    }
}
