using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.Proofs.Tenancy;

public sealed class FairShareTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    /// <summary>More than are handled within a test, unless they hurry.</summary>
    private const int Many = 400;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_tenant_with_very_many_events_does_not_keep_others_waiting_and_joins_them_once_it_has_caught_up(int ranges)
    {
        await AppendAsync("red", Many);
        await AppendAsync("green", 1);
        var blue = await AppendAsync("blue", 1);
        await using var store = Store(SlowForRed, subscription => subscription.PartitionByStream(ranges));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await store.WaitForAsync(blue, _name, TimeSpan.FromSeconds(30), Token);
        _seen.Count(static seen => seen.StartsWith("red", StringComparison.Ordinal)).ShouldBeLessThan(Many);

        _hurry.SetResult();
        await daemon.CatchUpAsync(Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Ranges.All(static range => range.TenantId is null));
        await AppendAsync("red", 1);
        await daemon.CatchUpAsync(Token);

        // Nothing was under way when the tenant got its own range: nothing comes twice.
        _seen.Where(static seen => seen.StartsWith("red", StringComparison.Ordinal)).ShouldBe(
            [.. Enumerable.Range(1, Many).Select(static number => $"red {number}"), "red 1"]);
        _seen.Count.ShouldBe(Many + 3);
    }

    [Fact]
    public async Task A_tenant_whose_event_is_tried_again_and_again_does_not_keep_others_waiting()
    {
        await AppendAsync("red", 2);
        var blue = await AppendAsync("blue", 1);
        await using var store = Store(FailForRed, subscription => subscription
            .OnError(1000, FailedEvent.Stop, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await store.WaitForAsync(blue, _name, TimeSpan.FromSeconds(30), Token);
        var status = await SubscriptionStore.StatusAsync(store, _name);
        status.Ranges.Count.ShouldBe(2);
        status.Ranges.Single(static range => range.TenantId is not null).TenantId.ShouldBe("red");
        _seen.ShouldBe(["blue 1"]);
    }

    [Fact]
    public async Task A_second_tenant_gets_its_range_too_while_the_first_waits_to_join()
    {
        await AppendAsync("red", 80);
        await AppendAsync("yellow", 300);
        var blue = await AppendAsync("blue", 1);
        var fast = "";
        await using var store = Store(
            (@event, token) => @event.TenantId == "blue" || @event.TenantId.Value == Volatile.Read(ref fast)
                ? Task.CompletedTask
                : Task.WhenAny(_hurry.Task, Task.Delay(100, token)),
            static _ => { });
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Ranges.Any(static range => range.TenantId == "red"));
        Volatile.Write(ref fast, "red");
        await store.WaitForAsync(blue, _name, TimeSpan.FromSeconds(25), Token);
        _seen.Count(static seen => seen.StartsWith("yellow", StringComparison.Ordinal)).ShouldBeLessThan(300);
        _hurry.SetResult();
        await daemon.CatchUpAsync(Token);
    }

    [Fact]
    public async Task A_tenant_that_rests_at_a_mark_goes_on_when_the_others_have_passed_it()
    {
        await AppendAsync("red", 1);
        await using var store = Store(static (_, _) => Task.CompletedTask, static _ => { });
        await using (var before = store.BuildDaemon())
        {
            await before.StartAsync(Token);
            await before.CatchUpAsync(Token);
            await store.Subscriptions.PauseAsync(_name, "red", Token);
            await store.Subscriptions.PauseAsync(_name, "green", Token);
        }

        await bank.ExecuteAsync($$"""
            update {schema}.checkpoints set stop_at = position where subscription = '{{_name}}' and tenant = 'green'
            """);
        await AppendAsync("blue", 300);
        var green = await AppendAsync("green", 1);
        await store.Subscriptions.ResumeAsync(_name, "red", Token);
        await store.Subscriptions.ResumeAsync(_name, "green", Token);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await store.WaitForAsync(green, _name, TimeSpan.FromSeconds(20), Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Ranges.All(static range => range.TenantId is null));
    }

    [Fact]
    public async Task Whoever_waits_for_a_tenant_with_a_range_of_its_own_does_not_wait_for_the_others()
    {
        await using var store = Store(
            static (one, _) => one.TenantId == "blue" ? throw new InvalidOperationException("bad") : Task.CompletedTask,
            static subscription => subscription.OnError(0, FailedEvent.Stop));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await AppendAsync("red", 1);
        await daemon.CatchUpAsync(Token);
        await bank.ExecuteAsync($$"""
            select {schema}.share_range(c.subscription, c.version, 'red', c.first, c.owner, c.epoch)
            from {schema}.checkpoints c
            where c.subscription = '{{_name}}' and c.owner is not null
            """);
        await AppendAsync("blue", 1);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.State == SubscriptionState.Faulted);
        await store.WaitForAsync(await AppendAsync("red", 1), _name, TimeSpan.FromSeconds(20), Token);
        await store.WaitForAsync(await AppendAsync("blue", 1), _name, TimeSpan.FromSeconds(20), Token)
            .ShouldThrowAsync<SubscriptionStoppedException>();
    }

    [Fact]
    public async Task Without_a_fair_share_all_tenants_keep_the_order_of_the_log()
    {
        await AppendAsync("red", 70);
        var blue = await AppendAsync("blue", 1);
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStreams(_prefix)).Handle((@event, context) => HandleAsync(SlowForRed, @event, context)));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await store.WaitForAsync(blue, _name, TimeSpan.FromSeconds(60), Token);
        _seen.ShouldBe([.. Enumerable.Range(1, 70).Select(static number => $"red {number}"), "blue 1"]);
    }

    [Fact]
    public void One_stream_is_shared_with_nobody() =>
        Should.Throw<ArgumentException>(() => bank.With(_name, static subscription => subscription
                .ForStream("one").ShareFairly().Handle(static (_, _) => Task.CompletedTask)))
            .Message.ShouldContain("one tenant");

    private Task SlowForRed(IEvent @event, CancellationToken cancellationToken) =>
        @event.TenantId == "red" ? Task.WhenAny(_hurry.Task, Task.Delay(100, cancellationToken)) : Task.CompletedTask;

    private static Task FailForRed(IEvent @event, CancellationToken cancellationToken) =>
        @event.TenantId == "red" ? throw new InvalidOperationException("not yet") : Task.CompletedTask;

    private async Task HandleAsync(Func<IEvent, CancellationToken, Task> work, IEvent @event, SubscriptionContext context)
    {
        await work(@event, context.CancellationToken);
        _seen.Enqueue($"{@event.TenantId} {((NoteTaken)@event.Data).Text}");
    }

    private async Task<Commit> AppendAsync(TenantId tenantId, int count)
    {
        await using var session = bank.Store.OpenSession(tenantId);
        for (var number = 1; number <= count; number++)
            session.Events.Append($"{_prefix}{tenantId}", new NoteTaken($"{number}"));

        return await session.SaveChangesAsync(Token);
    }

    private EventStore Store(Func<IEvent, CancellationToken, Task> work, Action<SubscriptionBuilder> declare) =>
        bank.With(_name, subscription =>
        {
            subscription.Filter(filter => filter.OfStreams(_prefix)).ShareFairly()
                .Handle((@event, context) => HandleAsync(work, @event, context));
            declare(subscription);
        });
}
