using System.Globalization;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Controlling;

/// <summary>Who waits for a commit is told why it is not handled.</summary>
public sealed class WaitingTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"stream-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_subscription_that_is_paused_is_named_at_once()
    {
        await using var store = Store(FailedEvent.Stop);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await store.Subscriptions.PauseAsync(_name, Token);
        var stopped = await store.WaitForAsync(await AppendAsync("1"), _name, Long, Token)
            .ShouldThrowAsync<SubscriptionStoppedException>();
        (stopped.Subscription, stopped.Reason).ShouldBe((_name, "it is paused."));
    }

    [Fact]
    public async Task So_is_one_that_is_faulted_with_its_failure_while_somebody_waits_already()
    {
        await using var store = Store(FailedEvent.Stop);
        await using var daemon = store.BuildDaemon();
        await using (await SubscriptionStore.CatchUpAsync(store))
        {
        }

        var commit = await AppendAsync("bad");
        var waiting = store.WaitForAsync(commit, _name, Long, Token);
        waiting.IsCompleted.ShouldBeFalse();
        await daemon.StartAsync(Token);
        var stopped = await waiting.ShouldThrowAsync<SubscriptionStoppedException>();
        stopped.Reason.ShouldContain("faulted");
        stopped.Reason.ShouldContain("it is bad");
        stopped.WantedPosition.ShouldBe(commit.Position);
    }

    [Theory]
    [InlineData(true, "Waiting")]
    [InlineData(false, "Unowned")]
    public async Task After_the_time_the_laggard_is_named_with_its_state_and_what_failed(bool isCarried, string state)
    {
        var other = $"{_name}-other";
        await using var store = bank.With(
            other,
            subscription => subscription.Filter(filter => filter.OfStream(_stream)).Handle(static (_, _) => Task.CompletedTask),
            options => options.Subscriptions.Add(_name, subscription => Declare(subscription)
                .OnError(5, FailedEvent.Stop, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10))));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        if (!isCarried)
            await daemon.StopAsync(Token);

        var commit = await AppendAsync("bad");
        await SubscriptionStore.WaitAsync(store, _name, status => status.State.ToString() == state);
        var late = await store.WaitForAsync(commit, [other, _name], TimeSpan.FromMilliseconds(300), Token)
            .ShouldThrowAsync<TimeoutException>();
        late.Message.ShouldContain(isCarried ? $"'{_name}'" : $"'{other}'");
        late.Message.ShouldContain($"is {state}");
        late.Message.ShouldContain(commit.Position.ToString(CultureInfo.InvariantCulture));
        if (isCarried)
            late.Message.ShouldContain("it is bad");
    }

    private EventStore Store(FailedEvent then) => bank.With(_name, subscription => Declare(subscription).OnError(0, then));

    private SubscriptionBuilder Declare(SubscriptionBuilder subscription) => subscription
        .Filter(filter => filter.OfStream(_stream))
        .Handle(static (e, _) => ((NoteTaken)e.Data).Text == "bad"
            ? throw new InvalidOperationException("it is bad")
            : Task.CompletedTask);

    private Task<Commit> AppendAsync(string text) => bank.AppendAsync(_stream, new NoteTaken(text));
}
