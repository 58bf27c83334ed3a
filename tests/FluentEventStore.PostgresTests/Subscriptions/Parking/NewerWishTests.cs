using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions.Pulling;

namespace FluentEventStore.PostgresTests.Subscriptions.Parking;

/// <summary>What somebody wants of a parked key while it is being replayed: it is done, whatever becomes of the replay.</summary>
public sealed class NewerWishTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentQueue<TaskCompletionSource<bool>> _waiting = new();

    private string Out => $"{_prefix}out";

    [Fact]
    public async Task A_replay_that_is_wanted_while_one_runs_comes_after_it_if_that_fails()
    {
        await using var store = Store();
        await using var daemon = await ParkAsync(store);
        var parked = (await store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token)).ShouldHaveSingleItem();
        await store.Subscriptions.ReplayParkedAsync(parked, cancellationToken: Token);
        var first = await CallAsync();
        (await store.Subscriptions.ReplayParkedAsync(parked, 2, Token)).ShouldBeTrue();
        first.SetResult(false);
        (await CallAsync()).SetResult(true);
        await Eventually.BecomesTrueAsync(async () => await WrittenAsync() is ["2", "3"], "two events are handled");
        (await store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token)).ShouldHaveSingleItem().Position
            .ShouldBeGreaterThan(parked.Position);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_event_that_is_dropped_while_it_is_replayed_is_not_handled_and_none_behind_it_is_dropped(int replayed)
    {
        await using var store = Store();
        await using var daemon = await ParkAsync(store);
        var parked = (await store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token)).ShouldHaveSingleItem();
        await store.Subscriptions.ReplayParkedAsync(parked, replayed, Token);
        var call = await CallAsync();
        (await store.Subscriptions.DropParkedAsync(parked, "nobody needs it", cancellationToken: Token)).ShouldBeTrue();
        call.SetResult(true);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 0);
        (await WrittenAsync()).ShouldBe(["3", "4"]);
        (await bank.ExecuteAsync($$"""
            select string_agg(detail->>'position', ' ') from {schema}.audit where verb = 'drop' and detail->>'subscription' = '{{_name}}'
            """)).ShouldBe($"{parked.Position}");
    }

    [Fact]
    public async Task A_pulled_event_that_is_parked_again_is_replayed_if_that_is_wanted_by_then()
    {
        await AppendAsync("1", "2", "3");
        await using var subscription = await bank.Store.Subscriptions.OpenAsync(
            _name,
            new SubscriptionOptions { Filter = new EventFilter().OfStreams(_prefix) },
            Token);
        await using var reader = new PulledReader(subscription);
        await (await reader.TakeAsync()).ParkAsync("later", Token);
        var controls = bank.Store.Subscriptions;
        await Eventually.BecomesTrueAsync(
            async () => (await controls.ListParkedAsync(_name, cancellationToken: Token)).Count == 1, "it is parked");
        var parked = (await controls.ListParkedAsync(_name, cancellationToken: Token))[0];
        await controls.ReplayParkedAsync(parked, cancellationToken: Token);
        var again = await reader.TakeAsync();
        (await controls.DropParkedAsync(parked, "nobody needs it", cancellationToken: Token)).ShouldBeTrue();
        await again.ParkAsync("later still", Token);
        await reader.AckAsync("2");
        await reader.AckAsync("3");
    }

    private async Task<TaskCompletionSource<bool>> CallAsync()
    {
        TaskCompletionSource<bool>? call = null;
        await Eventually.BecomesTrueAsync(() => Task.FromResult(_waiting.TryDequeue(out call)), "the handler is called");
        return call!;
    }

    private async Task<IReadOnlyList<string>> WrittenAsync() =>
        [.. (await bank.FetchAsync(Out)).Select(note => ((NoteTaken)note.Data).Text)];

    // Its first call fails. Others for the same event wait for what the test says.
    private EventStore Store() => bank.With(_name, subscription => subscription
        .Filter(filter => filter.OfStream($"{_prefix}a"))
        .OnError(0, FailedEvent.Park)
        .Handle(async (@event, context) =>
        {
            var text = ((NoteTaken)@event.Data).Text;
            _calls.Enqueue(text);
            if (text == "2")
            {
                var call = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_calls.Count(one => one == text) > 1)
                    _waiting.Enqueue(call);
                else
                    call.SetResult(false);

                if (!await call.Task)
                    throw new InvalidOperationException("it is bad");
            }

            context.Session.Events.Append(Out, new NoteTaken(text));
        }));

    private async Task<IDaemon> ParkAsync(EventStore store)
    {
        await AppendAsync("2", "3", "4");
        return await SubscriptionStore.CatchUpAsync(store);
    }

    private Task<Commit> AppendAsync(params string[] texts) =>
        bank.AppendAsync($"{_prefix}a", [.. texts.Select(text => (object)new NoteTaken(text))]);
}
