using System.Collections.Concurrent;
using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions.Pulling;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>What is removed while events that were read wait for a slow handler or consumer.</summary>
public sealed class StaleEventTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly JumpingClock _clock = new();

    [Fact]
    public async Task A_slow_handler_does_not_get_what_was_removed_more_than_some_seconds_ago()
    {
        await AppendAsync();
        var got = new ConcurrentQueue<string>();
        await using var store = CreateStore(options => options.Subscriptions.Add(_name, subscription => subscription
            .Filter(filter => filter.OfStreams(_prefix))
            .Handle(async (@event, _) =>
            {
                got.Enqueue(((NoteTaken)@event.Data).Text);
                if (got.Count == 1)
                    await RemoveAsync();
            })));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        got.ShouldBe(["a", "c"]);
    }

    [Fact]
    public async Task A_slow_consumer_does_not_get_it_either()
    {
        await AppendAsync();
        await using var store = CreateStore(static _ => { });
        await using var subscription = await store.Subscriptions.OpenAsync(
            _name, new SubscriptionOptions { Filter = new EventFilter().OfStreams(_prefix), BufferSize = 1 }, Token);
        await using var reader = new PulledReader(subscription);
        var first = await reader.TakeAsync();
        PulledReader.TextOf(first).ShouldBe("a");
        await RemoveAsync();
        await first.AckAsync(Token);
        await reader.AckAsync("c");
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Lag == 0);
    }

    [Fact]
    public async Task What_was_replayed_before_its_key_was_parked_again_does_not_come_twice()
    {
        foreach (var text in (string[])["w1", "w2", "a1", "a2", "y1"])
            await bank.AppendAsync($"{_prefix}{text[0]}", new NoteTaken(text));

        await using var store = CreateStore(static _ => { });
        await using var subscription = await store.Subscriptions.OpenAsync(
            _name,
            new SubscriptionOptions { Filter = new EventFilter().OfStreams(_prefix), CheckpointAfterCount = 1000, BufferSize = 100 },
            Token);
        await using var reader = new PulledReader(subscription);

        // It stays out, so that what stands behind it is not behind the checkpoint.
        PulledReader.TextOf(await reader.TakeAsync()).ShouldBe("w1");
        await (await NextAsync("a1")).ParkAsync("later", Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 1);
        await store.Subscriptions.ReplayParkedAsync(_name, Token);
        await (await NextAsync("a1")).AckAsync(Token);
        await (await NextAsync("a2")).ParkAsync("again", Token);
        await WaitForAsync("again");
        _clock.Jump(TimeSpan.FromSeconds(6));
        await bank.AppendAsync($"{_prefix}z", new NoteTaken("z1"));
        await (await NextAsync("z1")).AckAsync(Token);

        // Others may come before it; they are answered on the way.
        async Task<Delivery> NextAsync(string text)
        {
            while (true)
            {
                var delivery = await reader.TakeAsync();
                var found = PulledReader.TextOf(delivery);
                if (found == text)
                    return delivery;

                found.ShouldBe("y1");
                await delivery.AckAsync(Token);
            }
        }

        async Task WaitForAsync(string reason)
        {
            while ((await store.Subscriptions.ListParkedAsync(_name, Token)) is not [var key] || key.Failure.Message != reason)
                await Task.Delay(20, Token);
        }
    }

    [Fact]
    public async Task A_slow_handler_gets_each_event_once_and_in_order()
    {
        var texts = Enumerable.Range(1, 60).Select(static number => $"{number}").ToList();
        foreach (var (text, index) in texts.Select(static (text, index) => (text, index)))
            await bank.AppendAsync($"{_prefix}{index % 3}", new NoteTaken(text));

        var got = new ConcurrentQueue<string>();
        await using var store = CreateStore(options => options.Subscriptions.Add(_name, subscription => subscription
            .Filter(filter => filter.OfStreams(_prefix))
            .Handle((@event, _) =>
            {
                _clock.Jump(TimeSpan.FromSeconds(2));
                got.Enqueue(((NoteTaken)@event.Data).Text);
                return Task.CompletedTask;
            })));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        got.ShouldBe(texts);
    }

    private async Task AppendAsync()
    {
        foreach (var text in (string[])["a", "b", "c"])
            await bank.AppendAsync($"{_prefix}{text}", new NoteTaken(text));
    }

    private async Task RemoveAsync()
    {
        await using var store = bank.CreateStore(static options => options.Events.AllowHardDelete = true);
        await using var session = store.OpenSession();
        session.Events.HardDeleteStream($"{_prefix}b");
        await session.SaveChangesAsync(Token);
        _clock.Jump(TimeSpan.FromSeconds(6));
    }

    private EventStore CreateStore(Action<EventStoreOptions> configure) => bank.CreateStore(options =>
    {
        options.WaitClock = _clock;
        configure(options);
    });

    /// <summary>A clock that goes on by more than the time when it is told to.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long _ahead;

        public void Jump(TimeSpan time) => Interlocked.Add(ref _ahead, (long)(time.TotalSeconds * Stopwatch.Frequency));

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _ahead);
    }
}
