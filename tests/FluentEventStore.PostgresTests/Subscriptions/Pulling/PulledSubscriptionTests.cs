using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Pulling;

public sealed class PulledSubscriptionTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";

    [Fact]
    public async Task Events_of_a_stream_come_in_their_order_one_at_a_time_and_other_streams_go_on()
    {
        await AppendAsync("a", "a1", "a2");
        await AppendAsync("b", "b1");
        await using var subscription = await OpenAsync();
        await using var reader = new PulledReader(subscription);

        var a1 = await reader.TakeAsync();
        var b1 = await reader.TakeAsync();
        (PulledReader.TextOf(a1), PulledReader.TextOf(b1)).ShouldBe(("a1", "b1"));
        (a1.Attempt, a1.IsReplay).ShouldBe((1, true));
        a1.FencingToken.ShouldBeGreaterThan(0);
        await BarrierAsync();
        reader.HasNext.ShouldBeFalse();

        await b1.AckAsync(Token);
        await a1.AckAsync(Token);
        await reader.AckAsync("a2");
        await AppendAsync("a", "a3");
        (await reader.AckAsync("a3")).IsReplay.ShouldBeFalse();
    }

    [Fact]
    public async Task The_checkpoint_waits_before_the_first_event_that_is_not_acknowledged_and_what_is_behind_it_comes_again()
    {
        var first = await AppendAsync("a", "a1");
        await AppendAsync("b", "b1");
        await AppendAsync("c", "c1");
        await using (var subscription = await OpenAsync())
        {
            await using var reader = new PulledReader(subscription);
            var all = await reader.TakeAsync(3);
            await all[2].AckAsync(Token);
            await all[1].AckAsync(Token);
        }

        var status = await SubscriptionStore.StatusAsync(bank.Store, _name);
        status.Position.ShouldBeLessThan(first.Position);
        status.State.ShouldBe(SubscriptionState.Unowned);
        await using var later = await OpenAsync();
        await using var other = new PulledReader(later);
        await other.AckAsync("a1");
        await other.AckAsync("b1");
        var last = await other.AckAsync("c1");
        await SubscriptionStore.WaitAsync(bank.Store, _name, status => status.Position >= last.Event.Position);
    }

    [Fact]
    public async Task Disposing_writes_what_was_acknowledged_and_gives_its_ranges_up_at_once()
    {
        await AppendAsync("a", "a1", "a2");
        var subscription = await OpenAsync(
            options => (options.CheckpointAfterCount, options.CheckpointAfter) = (100, TimeSpan.FromHours(1)));
        await using var reader = new PulledReader(subscription);
        await reader.AckAsync("a1");
        var a2 = await reader.TakeAsync();
        var waiting = reader.Begin();
        await subscription.DisposeAsync();

        (await waiting).ShouldBeFalse();
        await a2.AckAsync(Token).ShouldThrowAsync<ObjectDisposedException>();
        Should.Throw<ObjectDisposedException>(() => subscription.ReadAsync(Token));
        await using var later = await OpenAsync();
        await using var other = new PulledReader(later);
        await other.AckAsync("a2");
    }

    [Fact]
    public async Task The_first_answer_counts_and_another_one_changes_nothing()
    {
        await AppendAsync("a", "a1", "a2");
        await using var subscription = await OpenAsync();
        await using var reader = new PulledReader(subscription);
        var a1 = await reader.TakeAsync();
        await a1.AckAsync(Token);
        await a1.AckAsync(Token).ShouldThrowAsync<InvalidOperationException>();
        await a1.ParkAsync("no", Token).ShouldThrowAsync<InvalidOperationException>();
        await a1.SkipAsync("no", Token).ShouldThrowAsync<InvalidOperationException>();
        await a1.RetryAsync(TimeSpan.Zero, Token).ShouldThrowAsync<InvalidOperationException>();
        await reader.AckAsync("a2");
        await WaitForAsync(0);
        (await bank.Store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_retry_comes_again_and_holds_its_key_but_no_other()
    {
        await AppendAsync("a", "a1", "a2");
        await AppendAsync("b", "b1");
        await using var subscription = await OpenAsync();
        await using var reader = new PulledReader(subscription);
        var a1 = await reader.TakeAsync();
        await a1.RetryAsync(TimeSpan.FromMilliseconds(300), Token);
        await reader.AckAsync("b1");
        var again = await reader.TakeAsync();
        (PulledReader.TextOf(again), again.Attempt).ShouldBe(("a1", 2));
        await again.AckAsync(Token);
        (await reader.AckAsync("a2")).Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_more_comes_as_long_as_the_buffer_is_full()
    {
        for (var index = 0; index < 5; index++)
            await AppendAsync($"{index}", $"{index}");

        await using var subscription = await OpenAsync(options => options.BufferSize = 2);
        await using var reader = new PulledReader(subscription);
        await using var second = new PulledReader(subscription);
        var first = await reader.TakeAsync(2);
        await BarrierAsync();
        (reader.HasNext, second.HasNext).ShouldBe((false, false));
        (await SubscriptionStore.StatusAsync(bank.Store, _name)).Ranges.ShouldAllBe(range => range.Owner != null);
        await first[1].AckAsync(Token);
        var (one, two) = (reader.Begin(), second.Begin());
        await Task.WhenAny(one, two);
        (one.IsCompleted && two.IsCompleted).ShouldBeFalse();
    }

    [Fact]
    public async Task Consumers_share_the_deliveries_and_one_that_ends_gives_back_what_it_has_not_taken()
    {
        for (var index = 0; index < 20; index++)
            await AppendAsync($"{index}", $"{index}");

        await using var subscription = await OpenAsync();
        await using var reader = new PulledReader(subscription);
        await using (var gone = new PulledReader(subscription))
            await (await gone.TakeAsync()).AckAsync(Token);

        var texts = new List<string>();
        foreach (var delivery in await reader.TakeAsync(19))
        {
            texts.Add(PulledReader.TextOf(delivery));
            await delivery.AckAsync(Token);
        }

        texts.ShouldBe(Enumerable.Range(1, 19).Select(static index => $"{index}"));
    }

    [Fact]
    public async Task Two_stores_share_four_ranges_and_what_one_leaves_goes_to_the_other()
    {
        await using var otherStore = bank.CreateStore();
        await using var one = await OpenAsync(options => options.Concurrency = 4);
        await using var two = await OpenAsync(options => options.Concurrency = 4, otherStore);
        await SubscriptionStore.WaitAsync(bank.Store, _name, _ => CountsAsync().GetAwaiter().GetResult() is [2, 2]);
        for (var index = 0; index < 40; index++)
            await AppendAsync($"{index}", $"{index}");

        var texts = new List<string>();
        await using (var reader = new PulledReader(two))
        {
            while (texts.Count == 0 || (texts.Count < 40 && reader.HasNext))
                texts.Add(await AckAsync(reader));

            await two.DisposeAsync();
        }

        await using var rest = new PulledReader(one);
        while (texts.Distinct().Count() < 40)
            texts.Add(await AckAsync(rest));

        texts.Count.ShouldBe(40);
    }

    [Fact]
    public async Task An_owner_that_is_gone_is_replaced_and_what_it_still_acknowledges_is_refused()
    {
        await AppendAsync("a", "a1", "a2");
        await using var otherStore = bank.CreateStore();
        await using var one = await OpenAsync(options => options.CheckpointAfterCount = 100);
        await using var reader = new PulledReader(one);
        var a1 = await reader.TakeAsync();

        // As if the process was paused: the rows are another's by the time it goes on.
        await bank.ExecuteAsync($"""
            update {bank.Schema}.checkpoints set owner = gen_random_uuid(), epoch = nextval('{bank.Schema}.epochs')
            where subscription = '{_name}'
            """);
        await reader.Begin().WaitAsync(TimeSpan.FromSeconds(20), Token);
        var fenced = await a1.AckAsync(Token).ShouldThrowAsync<FencedException>();
        fenced.Epoch.ShouldBe(a1.FencingToken);
        var again = await reader.TakeAsync();
        (PulledReader.TextOf(again), again.FencingToken > a1.FencingToken).ShouldBe(("a1", true));
        await again.AckAsync(Token);
        await reader.AckAsync("a2");
    }

    [Fact]
    public async Task A_rewind_fences_what_is_out_and_the_events_come_again()
    {
        var first = await AppendAsync("a", "a1");
        await AppendAsync("a", "a2", "a3");
        await using var subscription = await OpenAsync();
        await using var reader = new PulledReader(subscription);
        await reader.AckAsync("a1");
        await reader.AckAsync("a2");
        var a3 = await reader.TakeAsync();
        await SubscriptionStore.WaitAsync(bank.Store, _name, status => status.Position == a3.Event.Position - 1);
        await bank.Store.Subscriptions.RewindAsync(_name, first.Position, Token);
        (await reader.AckAsync("a2")).IsReplay.ShouldBeTrue();
        await a3.AckAsync(Token).ShouldThrowAsync<FencedException>();
        await reader.AckAsync("a3");
    }

    [Fact]
    public async Task Nothing_comes_while_it_is_paused_and_after_it_is_resumed_what_was_out_comes_again()
    {
        await AppendAsync("a", "a1", "a2");
        await using var subscription = await OpenAsync(lease: TimeSpan.FromSeconds(1));
        await using var reader = new PulledReader(subscription);
        var a1 = await reader.TakeAsync();
        await bank.Store.Subscriptions.PauseAsync(_name, Token);
        await SubscriptionStore.WaitAsync(bank.Store, _name, static status => status.Ranges.All(static range => range.Owner is null));
        await a1.AckAsync(Token).ShouldThrowAsync<FencedException>();
        await BarrierAsync();
        reader.HasNext.ShouldBeFalse();
        await bank.Store.Subscriptions.ResumeAsync(_name, Token);
        await reader.AckAsync("a1");
        await reader.AckAsync("a2");
    }

    [Fact]
    public async Task A_deleted_one_ends_with_an_exception()
    {
        await using var subscription = await OpenAsync();
        await using var reader = new PulledReader(subscription);
        var waiting = reader.Begin();
        (await bank.Store.Subscriptions.DeleteAsync(_name, Token)).ShouldBeTrue();
        await waiting.ShouldThrowAsync<SubscriptionNotFoundException>();
    }

    [Fact]
    public async Task What_it_is_opened_with_is_compared_with_what_is_stored()
    {
        await (await OpenAsync()).DisposeAsync();
        var filter = await OpenAsync(options => options.Filter = new EventFilter().OfType<NoteTaken>())
            .ShouldThrowAsync<SubscriptionMismatchException>();
        (filter.Subscription, filter.Stored == filter.Declared).ShouldBe((_name, false));
        await OpenAsync(options => options.Partition = Partition.ByTenant).ShouldThrowAsync<SubscriptionMismatchException>();
        await using (await OpenAsync(options => (options.Filter, options.Version) = (new EventFilter().OfType<NoteTaken>(), 2)))
            await OpenAsync().ShouldThrowAsync<SubscriptionMismatchException>();

        await using var store = bank.With("declared", static subscription => subscription.Handle(static (_, _) => Task.CompletedTask));
        foreach (var name in (string[])["declared", "", "a\u0001", new string('x', 251)])
        {
            (await Should.ThrowAsync<ArgumentException>(() => store.Subscriptions.OpenAsync(name, cancellationToken: Token)))
                .ParamName.ShouldBe("name");
        }

        var options = new SubscriptionOptions { Stream = "a", Filter = new EventFilter().WithTag("a", "b") };
        await Should.ThrowAsync<ArgumentException>(() => store.Subscriptions.OpenAsync("one", options, Token));
    }

    private static async Task<string> AckAsync(PulledReader reader)
    {
        var delivery = await reader.TakeAsync();
        await delivery.AckAsync(Token);
        return PulledReader.TextOf(delivery);
    }

    private async Task<int[]> CountsAsync() => (int[])(await bank.ExecuteAsync($"""
        select coalesce(array_agg(o.count), array[]::integer[])
        from (
          select count(*)::integer as count from {bank.Schema}.checkpoints
          where subscription = '{_name}' and owner is not null
          group by owner
        ) as o
        """))!;

    // Another subscription has delivered everything: so would this one, if it was to.
    private async Task BarrierAsync()
    {
        var text = $"{Guid.NewGuid():N}";
        await bank.AppendAsync($"barrier-{text}", new NoteTaken(text));
        await using var barrier = await bank.Store.Subscriptions.OpenAsync(
            $"b-{text}", new SubscriptionOptions { Filter = new EventFilter().OfStream($"barrier-{text}") }, Token);
        await using var reader = new PulledReader(barrier);
        await reader.AckAsync(text);
    }

    private Task<SubscriptionStatus> WaitForAsync(int parked) =>
        SubscriptionStore.WaitAsync(bank.Store, _name, status => status.Lag == 0 && status.Parked == parked);

    private async Task<ISubscription> OpenAsync(
        Action<SubscriptionOptions>? configure = null, EventStore? store = null, TimeSpan? lease = null)
    {
        var options = new SubscriptionOptions { Filter = new EventFilter().OfStreams(_prefix) };
        configure?.Invoke(options);
        if (lease is { } time)
            store ??= bank.CreateStore(one => one.Subscriptions.Lease = time);

        return await (store ?? bank.Store).Subscriptions.OpenAsync(_name, options, Token);
    }

    private Task<Commit> AppendAsync(string stream, params string[] texts) =>
        bank.AppendAsync($"{_prefix}{stream}", [.. texts.Select(static text => (object)new NoteTaken(text))]);
}
