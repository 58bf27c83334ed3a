using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

public sealed class ControlTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"stream-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _seen = new();

    [Fact]
    public async Task A_paused_subscription_handles_nothing_over_a_restart_until_it_is_resumed()
    {
        await bank.AppendAsync(_stream, new NoteTaken("1"));
        await using var store = Store();
        await using (var daemon = await SubscriptionStore.CatchUpAsync(store))
        {
            await store.Subscriptions.PauseAsync(_name, Token);
            await bank.AppendAsync(_stream, new NoteTaken("2"));
            (await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>()).Reason.ShouldContain("paused");
        }

        await using var later = store.BuildDaemon();
        await later.StartAsync(Token);
        await later.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>();
        (await SubscriptionStore.StatusAsync(store, _name)).State.ShouldBe(SubscriptionState.Paused);
        _seen.ShouldBe(["1 again"]);
        await store.Subscriptions.ResumeAsync(_name, Token);
        await later.CatchUpAsync(Token);
        _seen.ShouldBe(["1 again", "2"]);
    }

    [Fact]
    public async Task A_rewound_subscription_handles_the_events_again_once_and_says_that_it_does()
    {
        await bank.AppendAsync(_stream, new NoteTaken("1"));
        var first = await bank.AppendAsync(_stream, new NoteTaken("2"));
        await bank.AppendAsync(_stream, new NoteTaken("3"));
        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await bank.AppendAsync(_stream, new NoteTaken("4"));
        await daemon.CatchUpAsync(Token);
        await store.Subscriptions.RewindAsync(_name, first.Position, Token);
        await daemon.CatchUpAsync(Token);
        await bank.AppendAsync(_stream, new NoteTaken("5"));
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe(["1 again", "2 again", "3 again", "4", "3 again", "4 again", "5"]);
    }

    [Fact]
    public async Task A_subscription_from_the_present_gets_what_comes_later_even_if_it_ends_before_its_first_page()
    {
        await bank.AppendAsync(_stream, new NoteTaken("1"));
        await using var store = Store(subscription => subscription.FromPresent());
        await using (await SubscriptionStore.CatchUpAsync(store))
            _seen.ShouldBeEmpty();

        await bank.AppendAsync(_stream, new NoteTaken("2"));
        await using var later = await SubscriptionStore.CatchUpAsync(store);
        _seen.ShouldBe(["2"]);
    }

    [Fact]
    public async Task A_deleted_subscription_is_gone_and_made_anew_by_the_next_daemon()
    {
        await bank.AppendAsync(_stream, new NoteTaken("1"));
        await using var store = Store();
        await using (var daemon = await SubscriptionStore.CatchUpAsync(store))
        {
            (await store.Subscriptions.DeleteAsync(_name, Token)).ShouldBeTrue();
            (await store.Subscriptions.DeleteAsync(_name, Token)).ShouldBeFalse();
            await store.Subscriptions.PauseAsync(_name, Token).ShouldThrowAsync<SubscriptionNotFoundException>();
            await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionNotFoundException>();
        }

        await using var later = await SubscriptionStore.CatchUpAsync(store);
        _seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Another_filter_under_the_same_version_is_not_carried_and_a_higher_version_goes_on_where_the_old_one_stood()
    {
        await bank.AppendAsync(_stream, new NoteTaken("1"));
        await using var store = Store();
        await using (await SubscriptionStore.CatchUpAsync(store))
            _seen.Count.ShouldBe(1);

        await bank.AppendAsync(_stream, new NoteTaken("2"));
        await using var changed = Store(subscription => subscription.ForEvents<NoteTaken>());
        await using (var daemon = await SubscriptionStore.CatchUpAsync(changed))
            _seen.Count.ShouldBe(1);

        await using var higher = Store(subscription => subscription.ForEvents<NoteTaken>().Version(2));
        await using (await SubscriptionStore.CatchUpAsync(higher))
            _seen.Count.ShouldBe(2);

        await bank.AppendAsync(_stream, new NoteTaken("3"));
        await using (await SubscriptionStore.CatchUpAsync(store))
            _seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_subscription_is_declared_with_is_checked_at_the_call()
    {
        Should.Throw<ArgumentException>(() => bank.With("", Nothing));
        Should.Throw<ArgumentException>(() => bank.With(new string('x', 251), Nothing));
        Should.Throw<ArgumentException>(() => bank.With("a\u0001", Nothing));
        Should.Throw<ArgumentException>(() => bank.With("a", static _ => { })).Message.ShouldContain("no handler");
        Should.Throw<ArgumentException>(() => bank.With("a", Nothing, options => options.Subscriptions.Add("a", Nothing)));
        await using var longest = bank.With(new string('x', 250), Nothing);

        static void Nothing(SubscriptionBuilder subscription) => subscription.Handle(static (_, _) => Task.CompletedTask);
    }

    private EventStore Store(Action<SubscriptionBuilder>? declare = null) => bank.With(_name, subscription =>
    {
        subscription.Filter(filter => filter.OfStream(_stream)).Handle((@event, context) =>
        {
            _seen.Enqueue($"{((NoteTaken)@event.Data).Text}{(context.IsReplay ? " again" : "")}");
            return Task.CompletedTask;
        });
        declare?.Invoke(subscription);
    });
}
