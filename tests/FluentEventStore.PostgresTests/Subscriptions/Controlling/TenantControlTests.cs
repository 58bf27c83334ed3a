using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Controlling;

public sealed class TenantControlTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ConcurrentDictionary<string, bool> _bad = new();

    [Fact]
    public async Task A_tenant_that_is_paused_waits_over_a_restart_while_others_go_on_and_then_catches_up_in_order()
    {
        await using var store = Store();
        await using (var daemon = await SubscriptionStore.CatchUpAsync(store))
        {
            await AppendAsync("red", "1");
            await daemon.CatchUpAsync(Token);
            await store.Subscriptions.PauseAsync(_name, "red", Token);
            await AppendAsync("red", "2");
            await store.WaitForAsync(await AppendAsync("blue", "3"), _name, TimeSpan.FromSeconds(20), Token);
            (await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>()).Reason.ShouldContain("tenant 'red'");
        }

        await using var later = store.BuildDaemon();
        await later.StartAsync(Token);
        await store.WaitForAsync(await AppendAsync("blue", "4"), _name, TimeSpan.FromSeconds(20), Token);
        var red = await AppendAsync("red", "5");
        (await store.WaitForAsync(red, _name, TimeSpan.FromSeconds(20), Token).ShouldThrowAsync<SubscriptionStoppedException>())
            .Reason.ShouldContain("'red' is paused");
        var status = await SubscriptionStore.StatusAsync(store, _name);
        status.State.ShouldNotBe(SubscriptionState.Paused);
        status.Ranges.Single(static range => range.TenantId == "red").State.ShouldBe(SubscriptionState.Paused);
        _seen.ShouldBe(["red 1", "blue 3", "blue 4"]);

        await store.Subscriptions.ResumeAsync(_name, "red", Token);
        await store.WaitForAsync(red, _name, TimeSpan.FromSeconds(20), Token);
        _seen.ShouldBe(["red 1", "blue 3", "blue 4", "red 2", "red 5"]);
        await JoinedAsync(store);
        await AppendAsync("red", "6");
        await later.CatchUpAsync(Token);
        _seen.Last().ShouldBe("red 6");
        _seen.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_tenant_that_is_rewound_gets_its_events_again_once_and_others_get_none()
    {
        await using var store = Store(subscription => subscription.PartitionByStream(2));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        var first = await AppendAsync("red", "1");
        await AppendAsync("blue", "2");
        await AppendAsync("red", "3");
        await daemon.CatchUpAsync(Token);
        await store.Subscriptions.RewindAsync(_name, "red", first.Position, Token);
        await daemon.CatchUpAsync(Token);
        _seen.Order().ShouldBe(["blue 2", "red 1", "red 3", "red 3 again"]);
        await JoinedAsync(store);
        await AppendAsync("red", "4");
        await daemon.CatchUpAsync(Token);
        _seen.Skip(4).ShouldBe(["red 4"]);
    }

    [Fact]
    public async Task Keys_that_are_parked_stay_parked_when_their_tenant_is_paused_resumed_and_joined()
    {
        await using var store = Store(subscription => subscription.OnError(0, FailedEvent.Park));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _bad["2"] = true;
        await AppendAsync("red", "1");
        await AppendAsync("red", "2");
        await AppendAsync("red", "3");
        await daemon.CatchUpAsync(Token);
        await store.Subscriptions.PauseAsync(_name, "red", Token);
        await AppendAsync("red", "4");
        await store.Subscriptions.ResumeAsync(_name, "red", Token);
        await daemon.CatchUpAsync(Token);
        await JoinedAsync(store);
        _seen.ShouldBe(["red 1"]);

        await store.Subscriptions.PauseAsync(_name, "red", Token);
        _bad.Clear();
        (await store.Subscriptions.ReplayParkedAsync(_name, Token)).ShouldBe(1);
        await store.Subscriptions.ResumeAsync(_name, "red", Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 0);
        _seen.ShouldBe(["red 1", "red 2", "red 3", "red 4"]);
    }

    [Fact]
    public async Task A_subscription_that_failed_at_a_tenant_goes_on_without_it()
    {
        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _bad["1"] = true;
        await AppendAsync("red", "1");
        await SubscriptionStore.WaitAsync(store, _name, static status => status.State == SubscriptionState.Faulted);
        await store.Subscriptions.PauseAsync(_name, "red", Token);
        await store.Subscriptions.ResumeAsync(_name, Token);
        await store.WaitForAsync(await AppendAsync("blue", "2"), _name, TimeSpan.FromSeconds(20), Token);
        _seen.ShouldBe(["blue 2"]);

        // It stops by itself, and again holds up nobody.
        await store.Subscriptions.ResumeAsync(_name, "red", Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.State == SubscriptionState.Faulted);
        await store.WaitForAsync(await AppendAsync("blue", "3"), _name, TimeSpan.FromSeconds(20), Token);
        _bad.Clear();
        await store.Subscriptions.ResumeAsync(_name, "red", Token);
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe(["blue 2", "blue 3", "red 1"]);
        await JoinedAsync(store);
    }

    [Fact]
    public async Task Ranges_are_split_with_a_tenant_apart_and_merged_only_without_one_that_is_paused()
    {
        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await store.Subscriptions.PauseAsync(_name, "red", Token);
        (await store.Subscriptions.SplitAsync(_name, 4, Token)).ShouldBe(4);
        (await SubscriptionStore.StatusAsync(store, _name)).Ranges.Count.ShouldBe(8);
        (await store.Subscriptions.MergeAsync(_name, 1, Token).ShouldThrowAsync<InvalidOperationException>())
            .Message.ShouldContain("paused alone");
        await store.Subscriptions.ResumeAsync(_name, "red", Token);
        (await store.Subscriptions.MergeAsync(_name, 1, Token)).ShouldBe(1);
        (await SubscriptionStore.StatusAsync(store, _name)).Ranges.ShouldHaveSingleItem().TenantId.ShouldBeNull();
        await AppendAsync("red", "1");
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe(["red 1"]);
    }

    [Fact]
    public async Task A_tenant_of_which_some_ranges_were_joined_again_is_paused_and_moved_back_as_a_whole()
    {
        await using var store = Store(subscription => subscription.OnError(0, FailedEvent.Park).PartitionByStream(4));
        await using (var daemon = await SubscriptionStore.CatchUpAsync(store))
        {
            _bad["1"] = true;
            await AppendAsync("red", "1");
            await daemon.CatchUpAsync(Token);
            await store.Subscriptions.PauseAsync(_name, "red", Token);
        }

        // As if the range that holds the key had caught up before the others.
        await bank.ExecuteAsync($$"""
            with joined as (
              delete from {schema}.checkpoints c using {schema}.parked k
              where k.subscription = '{{_name}}' and c.subscription = k.subscription and c.tenant = 'red'
                and k.slice between c.first and c.last
            )
            update {schema}.parked k set apart = false where k.subscription = '{{_name}}'
            """);
        await store.Subscriptions.RewindAsync(_name, "red", 0, Token);
        (await SubscriptionStore.StatusAsync(store, _name)).Ranges.Count(static range => range.TenantId == "red").ShouldBe(4);
        _bad.Clear();
        await store.Subscriptions.ResumeAsync(_name, "red", Token);
        await using var later = await SubscriptionStore.CatchUpAsync(store);
        _seen.ShouldContain(static seen => seen.StartsWith("red 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_wanted_of_a_tenant_that_is_not_apart_or_of_no_subscription_is_answered()
    {
        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await store.Subscriptions.ResumeAsync(_name, "green", Token);
        (await SubscriptionStore.StatusAsync(store, _name)).Ranges.ShouldHaveSingleItem();
        await store.Subscriptions.PauseAsync("nobody", "green", Token).ShouldThrowAsync<SubscriptionNotFoundException>();
        await store.Subscriptions.RewindAsync("nobody", "green", 0, Token).ShouldThrowAsync<SubscriptionNotFoundException>();
        Should.Throw<ArgumentOutOfRangeException>(() => store.Subscriptions.RewindAsync(_name, "green", -1, Token));
        (await bank.ExecuteAsync($$"""
            select count(*) from {schema}.audit where detail ->> 'subscription' = '{{_name}}'
            """)).ShouldBe(0L);
        await store.Subscriptions.PauseAsync(_name, "green", Token);
        (await bank.ExecuteAsync($$"""
            select verb || ' ' || tenant from {schema}.audit where detail ->> 'subscription' = '{{_name}}'
            """)).ShouldBe("subscription-pause green");
    }

    private async Task JoinedAsync(EventStore store) =>
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Ranges.All(static range => range.TenantId is null));

    private async Task<Commit> AppendAsync(TenantId tenantId, string text)
    {
        await using var session = bank.Store.OpenSession(tenantId);
        session.Events.Append($"{_prefix}{tenantId}", new NoteTaken(text));
        return await session.SaveChangesAsync(Token);
    }

    private EventStore Store(Action<SubscriptionBuilder>? declare = null) => bank.With(_name, subscription =>
    {
        subscription.Filter(filter => filter.OfStreams(_prefix)).OnError(0, FailedEvent.Stop).Handle((@event, context) =>
        {
            var text = ((NoteTaken)@event.Data).Text;
            if (_bad.ContainsKey(text))
                throw new InvalidOperationException($"{text} is bad");

            _seen.Enqueue($"{@event.TenantId} {text}{(context.IsReplay ? " again" : "")}");
            return Task.CompletedTask;
        });
        declare?.Invoke(subscription);
    });
}
