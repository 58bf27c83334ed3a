using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

public sealed class HostileUseTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
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

    private static string TextOf(IEvent e) => ((NoteTaken)e.Data).Text;

    private Task<Commit> AppendAsync(string stream, params string[] texts) =>
        bank.AppendAsync($"{_prefix}{stream}", [.. texts.Select(text => (object)new NoteTaken(text))]);

    private Task Note(IEvent e, SubscriptionContext c)
    {
        _handled.Enqueue(TextOf(e));
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_daemon_is_disposed_while_it_stops()
    {
        var entered = new TaskCompletionSource();
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix)).PartitionByStream(8)
            .Handle(async (e, c) =>
            {
                entered.TrySetResult();
                await Task.Delay(3000, CancellationToken.None);
            }));
        for (var i = 0; i < 10; i++)
            await AppendAsync($"a{i}", "1");
        var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await entered.Task.WaitAsync(Limit());
        var stop = daemon.StopAsync(CancellationToken.None);
        await Should.ThrowAsync<TimeoutException>(() => stop.WaitAsync(TimeSpan.FromMilliseconds(200), Token));
        await daemon.DisposeAsync();
        await stop;
    }

    [Fact]
    public async Task A_daemon_that_is_disposed_while_it_starts_never_runs()
    {
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix)).Handle(Note));
        var daemon = store.BuildDaemon();
        var start = daemon.StartAsync(Token);
        await daemon.DisposeAsync();
        try
        {
            await start;
        }
        catch (Exception)
        {
            
        }

        await AppendAsync("a", "1");
        await Task.Delay(2000, Token);
        _handled.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stopped_daemon_does_not_wait_for_what_nobody_carries()
    {
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix)).Handle(Note));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await daemon.StopAsync(Token);
        await AppendAsync("a", "1");
        await Should.ThrowAsync<InvalidOperationException>(() => daemon.CatchUpAsync(Limit(5)));
    }

    [Fact]
    public async Task A_drop_of_a_key_that_has_moved_on_since_drops_nothing()
    {
        var bad = new ConcurrentDictionary<string, bool> { ["1"] = true, ["2"] = true };
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix))
            .OnError(0, FailedEvent.Park, Soon, Soon)
            .Handle((e, c) => bad.ContainsKey(TextOf(e)) ? throw new InvalidOperationException("no") : Note(e, c)));
        await AppendAsync("a", "1", "2", "3");
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        var key = (await store.Subscriptions.ListParkedAsync(_name, Token)).Single();
        (await store.Subscriptions.DropParkedAsync(key, "first operator", Token)).ShouldBeTrue();
        while ((await store.Subscriptions.ListParkedAsync(_name, Token)).Single() is { IsWanted: true } or { Failure.Attempts: 0 })
            await Task.Delay(20, Token);
        await Task.Delay(500, Token);
        (await store.Subscriptions.ListParkedAsync(_name, Token)).Single().Position.ShouldNotBe(key.Position);
        bad.Clear();
        await store.Subscriptions.DropParkedAsync(key, "second operator, same page", Token);
        await Task.Delay(1500, Token);
        (await bank.ExecuteAsync($$"""
            select count(*) from {schema}.audit where verb = 'drop' and detail->>'subscription' = '{{_name}}'
            """)).ShouldBe(1L);
    }

    [Fact]
    public async Task A_tenant_that_is_moved_back_while_it_is_to_be_joined_holds_up_nobody()
    {
        var gate = new TaskCompletionSource();
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix)).Handle(async (e, c) =>
        {
            if (e.TenantId == "red" && c.IsReplay)
                await gate.Task.WaitAsync(c.CancellationToken);
            _handled.Enqueue($"{e.TenantId} {TextOf(e)}");
        }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await AppendOfAsync("red", "1");
        await AppendOfAsync("blue", "2");
        await daemon.CatchUpAsync(Token);
        await store.Subscriptions.RewindAsync(_name, "red", 0, Token);

        // As it is marked when the tenant has nearly caught up.
        await bank.ExecuteAsync($$"""
            update {schema}.checkpoints set stop_at = (select max(position) from {schema}.checkpoints where subscription = '{{_name}}')
            where subscription = '{{_name}}'
            """);
        await store.Subscriptions.RewindAsync(_name, "red", 0, Token);
        await AppendOfAsync("blue", "3");
        while (!_handled.Contains("blue 3"))
            await Task.Delay(20, Limit());

        gate.SetResult();
    }

    [Fact]
    public async Task Ranges_that_are_merged_keep_what_is_replayed_of_each()
    {
        var replay = new ConcurrentDictionary<string, bool>();
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix)).PartitionByStream(2)
            .Handle((e, c) =>
            {
                replay[TextOf(e)] = c.IsReplay;
                return Task.CompletedTask;
            }));
        await using (var daemon = await SubscriptionStore.CatchUpAsync(store))
        {
            for (var i = 0; i < 10; i++)
                await AppendAsync($"a{i}", $"{i}");
            await daemon.CatchUpAsync(Token);
        }

        // One range is behind when it is moved back.
        await bank.ExecuteAsync($$"""update {schema}.checkpoints set position = 1 where subscription = '{{_name}}' and first = 0""");
        await store.Subscriptions.RewindAsync(_name, 0, Token);
        await store.Subscriptions.MergeAsync(_name, 1, Token);
        replay.Clear();
        await using var again = await SubscriptionStore.CatchUpAsync(store);
        replay.Count.ShouldBe(10);
        replay.Values.ShouldAllBe(x => x);
    }

    [Fact]
    public async Task A_process_leaves_a_subscription_alone_that_was_made_anew_with_another_filter()
    {
        await using var old = bank.With(_name, s => s.Filter(f => f.OfStream($"{_prefix}a")).Handle((e, c) => Task.CompletedTask));
        await using var oldDaemon = old.BuildDaemon(DaemonMode.HotCold);
        await oldDaemon.StartAsync(Token);
        await oldDaemon.CatchUpAsync(Limit());
        await old.Subscriptions.DeleteAsync(_name, Token);
        await AppendAsync("b", "1");
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix)).PartitionByStream(4).Handle(Note));
        await using var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync(Token);
        for (var i = 0; i < 8; i++)
            await AppendAsync($"c{i}", $"{i}");
        await daemon.CatchUpAsync(Limit());
        _handled.Count.ShouldBe(9);
    }

    [Fact]
    public async Task A_subscription_that_is_paused_and_resumed_hands_over_no_event_while_that_is_still_handled()
    {
        var running = 0;
        var most = 0;
        var entered = new TaskCompletionSource();
        await using var store = bank.With(_name, s => s.Filter(f => f.OfStreams(_prefix)).Handle(async (e, c) =>
        {
            var now = Interlocked.Increment(ref running);
            most = Math.Max(now, most);
            entered.TrySetResult();
            await Task.Delay(3000, CancellationToken.None);
            Interlocked.Decrement(ref running);
            _handled.Enqueue(TextOf(e));
        }));
        await AppendAsync("a", "1");
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await entered.Task.WaitAsync(Limit());
        using var soon = new CancellationTokenSource(600);
        try
        {
            await store.Subscriptions.PauseAsync(_name, soon.Token);
        }
        catch (OperationCanceledException)
        {
        }
        await store.Subscriptions.ResumeAsync(_name, Token);
        await daemon.CatchUpAsync(Limit());
        most.ShouldBe(1);
        _handled.ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_statement_that_the_server_cancels_is_waited_out()
    {
        var entered = new TaskCompletionSource();
        await using var store = bank.With(
            _name,
            s => s.Filter(f => f.OfStream($"{_prefix}a")).OnError(0, FailedEvent.Skip, Soon, Soon).Handle((e, c) =>
            {
                c.Session.Events.Append($"{_prefix}out", new NoteTaken(TextOf(e)));
                entered.TrySetResult();
                return Task.CompletedTask;
            }),
            o => o.Connection(bank.StoreConnectionString + ";Options=-c statement_timeout=1500"));
        await bank.AppendAsync($"{_prefix}out", new NoteTaken("first"));
        await AppendAsync("a", "1");
        await using (await bank.HoldAsync($"{_prefix}out"))
        {
            await using var daemon0 = store.BuildDaemon();
            await daemon0.StartAsync(Token);
            await entered.Task.WaitAsync(Limit());
            await Task.Delay(4000, Token);
        }

        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        (await bank.FetchAsync($"{_prefix}out")).Select(TextOf).ShouldBe(["first", "1"]);
    }

    [Fact]
    public async Task One_connection_is_enough()
    {
        await using var store = bank.With(
            _name,
            s => s.Filter(f => f.OfStream($"{_prefix}a")).PartitionByStream(4).Handle(async (e, c) =>
            {
                await c.Session.Events.FetchStreamAsync($"{_prefix}a", cancellationToken: c.CancellationToken);
                c.Session.Events.Append($"{_prefix}out", new NoteTaken(TextOf(e)));
            }),
            o => o.Connection(bank.StoreConnectionString + ";Maximum Pool Size=1"));
        await AppendAsync("a", "1", "2", "3");
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await daemon.CatchUpAsync(Limit());
        (await bank.FetchAsync($"{_prefix}out")).Count.ShouldBe(3);
    }

    private async Task<Commit> AppendOfAsync(TenantId tenantId, string text)
    {
        await using var session = bank.Store.OpenSession(tenantId);
        session.Events.Append($"{_prefix}{tenantId}", new NoteTaken(text));
        return await session.SaveChangesAsync(Token);
    }
}
