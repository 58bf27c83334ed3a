using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Parking;

public sealed class ParkingTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly ConcurrentQueue<string> _handled = new();
    private readonly ConcurrentDictionary<string, bool> _bad = new();

    [Fact]
    public async Task A_replayed_key_is_handled_in_order_and_free_afterwards()
    {
        await using var store = Store();
        await using var daemon = await ParkAsync(store);
        var parked = (await store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token)).Single();
        parked.Key.ShouldBe($"{_prefix}a");
        parked.Failure.Message.ShouldBe("it is bad");

        _bad.Clear();
        (await store.Subscriptions.ReplayParkedAsync(parked, cancellationToken: Token)).ShouldBeTrue();
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 0);
        await AppendAsync("a", "6");
        await daemon.CatchUpAsync(Token);
        _handled.ShouldBe(["1", "4", "2", "3", "5", "6"]);
        (await store.Subscriptions.ReplayParkedAsync(parked, cancellationToken: Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_that_fails_again_stays_parked_where_it_fails()
    {
        await using var store = Store();
        await using var daemon = await ParkAsync(store);
        _bad.Clear();
        _bad["3"] = true;
        (await store.Subscriptions.ReplayParkedAsync(_name, cancellationToken: Token)).ShouldBe(1);
        await SubscriptionStore.WaitAsync(store, _name, _ => _handled.Contains("2"));
        var parked = await ParkedAsync(store, static key => !key.IsWanted);
        await AppendAsync("a", "6");
        await daemon.CatchUpAsync(Token);
        _handled.ShouldBe(["1", "4", "2"]);

        _bad.Clear();
        await store.Subscriptions.ReplayParkedAsync(parked, cancellationToken: Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 0);
        _handled.ShouldBe(["1", "4", "2", "3", "5", "6"]);
    }

    [Fact]
    public async Task A_replay_of_some_events_leaves_the_others_waiting()
    {
        await using var store = Store();
        await using var daemon = await ParkAsync(store);
        _bad.Clear();
        var parked = (await store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token)).Single();
        await store.Subscriptions.ReplayParkedAsync(parked, 2, Token);
        await ParkedAsync(store, static key => !key.IsWanted);
        _handled.ShouldBe(["1", "4", "2", "3"]);
        await AppendAsync("a", "6");
        await daemon.CatchUpAsync(Token);
        _handled.ShouldBe(["1", "4", "2", "3"]);

        // One event waits, and another behind it: with the last of them the key is free, though no more was asked for.
        await store.Subscriptions.ReplayParkedAsync(await ParkedAsync(store, static _ => true), 2, Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 0);
        _handled.ShouldBe(["1", "4", "2", "3", "5", "6"]);
    }

    [Fact]
    public async Task A_dropped_event_is_never_handled_and_those_behind_it_are()
    {
        await using var store = Store();
        await using var daemon = await ParkAsync(store);
        var parked = (await store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token)).Single();
        await store.Subscriptions.DropParkedAsync(parked, "nobody needs it", cancellationToken: Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 0);
        _handled.ShouldBe(["1", "4", "3", "5"]);
        (await bank.ExecuteAsync($$"""
            select detail->>'reason' from {schema}.audit where verb = 'drop' and detail->>'subscription' = '{{_name}}'
            """)).ShouldBe("nobody needs it");
    }

    [Fact]
    public async Task A_rewind_to_before_a_parked_event_brings_it_again_once()
    {
        var first = await AppendAsync("a", "1");
        await using var store = Store();
        await using var daemon = await ParkAsync(store, "2", "3");
        _bad.Clear();
        await store.Subscriptions.RewindAsync(_name, first.Position, Token);
        await daemon.CatchUpAsync(Token);
        (await SubscriptionStore.StatusAsync(store, _name)).Parked.ShouldBe(0);
        _handled.ShouldBe(["1", "4", "2", "3", "4", "5"]);
    }

    [Fact]
    public async Task A_subscription_with_too_many_parked_keys_stops()
    {
        await using var store = Store(options => options.Subscriptions.MaxParkedKeys = 2);
        _bad["bad"] = true;
        foreach (var stream in (string[])["a", "b", "c"])
            await AppendAsync(stream, "bad");

        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        (await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>()).Reason.ShouldContain("2 keys are parked");
        var status = await SubscriptionStore.StatusAsync(store, _name);
        (status.Parked, status.Failure!.Kind).ShouldBe((2, FailureKind.TooManyParked));
    }

    [Fact]
    public async Task Keys_of_another_partition_are_replayed_together()
    {
        await using var store = bank.With(_name, subscription => Declare(subscription)
            .PartitionBy(Partition.By("last", @event => @event.StreamId.Value[^1..])));
        _bad["1a"] = true;
        _bad["1b"] = true;
        (string Stream, string Text)[] all = [("xa", "1a"), ("xb", "1b"), ("ya", "2a"), ("xc", "1c"), ("yb", "2b")];
        foreach (var (stream, text) in all)
            await AppendAsync(stream, text);

        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _handled.ShouldBe(["1c"]);
        _bad.Clear();
        (await store.Subscriptions.ReplayParkedAsync(_name, cancellationToken: Token)).ShouldBe(2);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 0);
        _handled.ShouldBe(["1c", "1a", "1b", "2a", "2b"]);
    }

    private async Task<IDaemon> ParkAsync(EventStore store, params string[] first)
    {
        _bad["2"] = true;
        await AppendAsync("a", first is [] ? ["1", "2", "3"] : first);
        await AppendAsync("b", "4");
        await AppendAsync("a", "5");
        var daemon = await SubscriptionStore.CatchUpAsync(store);
        _handled.ShouldBe(["1", "4"]);
        return daemon;
    }

    private async Task<ParkedKey> ParkedAsync(EventStore store, Func<ParkedKey, bool> isThere)
    {
        while (true)
        {
            if (await store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token) is [var key, ..] && isThere(key))
                return key;

            await Task.Delay(20, Token);
        }
    }

    private EventStore Store(Action<EventStoreOptions>? configure = null) =>
        bank.With(_name, subscription => Declare(subscription), configure);

    private SubscriptionBuilder Declare(SubscriptionBuilder subscription) => subscription
        .Filter(filter => filter.OfStreams(_prefix))
        .OnError(0, FailedEvent.Park)
        .Handle((@event, _) =>
        {
            var text = ((NoteTaken)@event.Data).Text;
            if (_bad.ContainsKey(text))
                throw new InvalidOperationException("it is bad");

            _handled.Enqueue(text);
            return Task.CompletedTask;
        });

    private Task<Commit> AppendAsync(string stream, params string[] texts) =>
        bank.AppendAsync($"{_prefix}{stream}", [.. texts.Select(text => (object)new NoteTaken(text))]);
}
