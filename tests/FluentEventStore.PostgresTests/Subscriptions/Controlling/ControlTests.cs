using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Controlling;

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
        await using (var daemon = changed.BuildDaemon())
        {
            await daemon.StartAsync(Token);
            (await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>()).Reason.ShouldContain("Raise the version");
            _seen.Count.ShouldBe(1);
        }

        await using var higher = Store(subscription => subscription.ForEvents<NoteTaken>().Version(2));
        await using (await SubscriptionStore.CatchUpAsync(higher))
            _seen.Count.ShouldBe(2);

        await bank.AppendAsync(_stream, new NoteTaken("3"));
        await using (var daemon = store.BuildDaemon())
        {
            await daemon.StartAsync(Token);
            (await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>()).Reason.ShouldContain("version 2");
            _seen.Count.ShouldBe(2);
        }
    }

    [Fact]
    public async Task Ranges_are_split_and_merged_under_writes_without_loss_repetition_or_disorder()
    {
        var handled = new ConcurrentQueue<(string Stream, long Version)>();
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStreams(_stream))
            .Handle((@event, _) =>
            {
                handled.Enqueue((@event.StreamId.Value, @event.Version));
                return Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        using var enough = new CancellationTokenSource();
        var written = 0;
        var writing = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                await bank.AppendAsync($"{_stream}-{written++ % 20}", new NoteTaken("a"));
        }, Token);
        (await store.Subscriptions.SplitAsync(_name, 6, Token)).ShouldBe(6);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Ranges.All(static range => range.Owner is not null));
        (await store.Subscriptions.MergeAsync(_name, 2, Token)).ShouldBe(2);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Ranges.All(static range => range.Owner is not null));
        (await store.Subscriptions.SplitAsync(_name, 64, Token)).ShouldBe(64);
        (await store.Subscriptions.MergeAsync(_name, 1, Token)).ShouldBe(1);
        (await bank.ExecuteAsync($$"""
            select string_agg(verb, ' ' order by key) from {schema}.audit
            where detail->>'subscription' = '{{_name}}' and verb in ('subscription-split', 'subscription-merge')
            """)).ShouldBe("subscription-split subscription-merge subscription-split subscription-merge");
        await enough.CancelAsync();
        await writing;
        await daemon.CatchUpAsync(Token);

        // What was under way when a range was changed is handed over again: the same events, in the same order.
        var once = handled.Distinct().ToList();
        once.Count.ShouldBe(written);
        once.GroupBy(static one => one.Stream).ShouldAllBe(static stream => stream.Select(static one => one.Version).SequenceEqual(
            Enumerable.Range(1, stream.Count()).Select(static version => (long)version)));
    }

    [Fact]
    public async Task A_range_that_rests_where_a_merge_was_given_up_goes_on_with_the_next_one()
    {
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStreams(_stream))
            .PartitionByStream(2)
            .Handle(static (_, _) => Task.CompletedTask));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);

        var before = (await SubscriptionStore.StatusAsync(store, _name)).Ranges[0].Epoch;

        // As by a process that has told one range where to stop, and died.
        await bank.ExecuteAsync($"update {{schema}}.checkpoints set stop_at = position where subscription = '{_name}' and first = 0");
        for (var stream = 0; stream < 10; stream++)
            await bank.AppendAsync($"{_stream}-{stream}", new NoteTaken("a"));

        await SubscriptionStore.WaitAsync(
            store,
            _name,
            status => status.Ranges[0].Epoch > before && status.Ranges[1].Position > status.Ranges[0].Position);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        (await store.Subscriptions.MergeAsync(_name, 1, limit.Token)).ShouldBe(1);
        await daemon.CatchUpAsync(Token);
    }

    [Fact]
    public async Task Another_partition_is_not_carried_before_the_subscription_is_repartitioned()
    {
        await using var store = Store(subscription => subscription.PartitionByStream(concurrency: 4));
        await using (await SubscriptionStore.CatchUpAsync(store))
        {
            await bank.AppendAsync(_stream, new NoteTaken("1"));
            await using var changed = Store(subscription => subscription.PartitionBy(Partition.ByCorrelation).Version(2));
            await using (var other = changed.BuildDaemon())
            {
                await other.StartAsync(Token);
                (await other.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>()).Reason.ShouldContain("'stream'");
            }

            await store.Subscriptions.RepartitionAsync(_name, Partition.ByCorrelation.Name, Token);
        }

        await bank.AppendAsync(_stream, new NoteTaken("2"));
        await using var after = Store(subscription => subscription.PartitionBy(Partition.ByCorrelation).Version(2));
        await using (await SubscriptionStore.CatchUpAsync(after))
            _seen.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_subscription_with_a_parked_key_is_not_repartitioned()
    {
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream(_stream))
            .OnError(0, FailedEvent.Park)
            .Handle(static (_, _) => throw new InvalidOperationException("it is bad")));
        await bank.AppendAsync(_stream, new NoteTaken("1"));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 1);
        (await store.Subscriptions.RepartitionAsync(_name, Partition.ByTenant.Name, Token)
            .ShouldThrowAsync<InvalidOperationException>()).Message.ShouldContain("parked");
        (await SubscriptionStore.StatusAsync(store, _name)).Parked.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Processes_with_the_old_partition_leave_a_repartitioned_subscription_alone_and_one_with_the_new_adopts_it(int version)
    {
        await using var store = Store(subscription => subscription.PartitionByStream(4));
        await using var after = Store(subscription => subscription.PartitionBy(Partition.ByTenant, 4).Version(version));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store, DaemonMode.HotCold);
        await using var next = after.BuildDaemon(DaemonMode.HotCold);
        await next.StartAsync(Token);
        await bank.AppendAsync(_stream, new NoteTaken("1"));
        await daemon.CatchUpAsync(Token);
        await store.Subscriptions.RepartitionAsync(_name, Partition.ByTenant.Name, Token);
        await after.WaitForAsync(await bank.AppendAsync(_stream, new NoteTaken("2")), _name, TimeSpan.FromSeconds(20), Token);
        _seen.ShouldBe(["1", "2"]);
        (await SubscriptionStore.StatusAsync(after, _name)).Version.ShouldBe(version);
        await next.StopAsync(Token);
        await bank.AppendAsync(_stream, new NoteTaken("3"));
        await SubscriptionStore.WaitAsync(after, _name, static status => status.State == SubscriptionState.Unowned);
    }

    [Fact]
    public async Task Who_waits_for_a_commit_goes_on_when_it_is_handled_or_learns_at_once_that_it_will_not_be()
    {
        var go = new TaskCompletionSource();
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream(_stream))
            .OnError(0, FailedEvent.Park)
            .Handle((@event, _) => ((NoteTaken)@event.Data).Text switch
            {
                "bad" => throw new InvalidOperationException("it is bad"),
                "slow" => go.Task,
                _ => Task.CompletedTask,
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await store.WaitForAsync(await bank.AppendAsync(_stream, new NoteTaken("good")), _name, TimeSpan.FromSeconds(20), Token);
        await store.WaitForAsync(await bank.AppendAsync($"other-{_stream}", new NoteTaken("good")), _name, TimeSpan.FromSeconds(20), Token);

        var slow = await bank.AppendAsync(_stream, new NoteTaken("slow"));
        (await store.WaitForAsync(slow, _name, TimeSpan.FromMilliseconds(200), Token).ShouldThrowAsync<TimeoutException>())
            .Message.ShouldContain(_name);
        go.SetResult();
        await store.WaitForAsync(slow, _name, TimeSpan.FromSeconds(20), Token);

        var bad = await bank.AppendAsync(_stream, new NoteTaken("bad"));
        (await store.WaitForAsync(bad, _name, TimeSpan.FromSeconds(20), Token).ShouldThrowAsync<SubscriptionStoppedException>())
            .Reason.ShouldContain("it is bad");
        await store.WaitForAsync(bad, "nobody", TimeSpan.FromSeconds(1), Token).ShouldThrowAsync<SubscriptionNotFoundException>();
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
