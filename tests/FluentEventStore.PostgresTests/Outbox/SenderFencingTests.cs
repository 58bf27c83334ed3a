using System.Diagnostics;
using Npgsql;

namespace FluentEventStore.PostgresTests.Outbox;

/// <summary>Senders share the work, replace each other, and go on whatever happens to their connections.</summary>
public sealed class SenderFencingTests(PostgresServer server) : IAsyncLifetime
{
    private readonly OutboxStore _bank = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task What_a_process_has_taken_and_not_sent_goes_out_by_another_after_its_lease_with_a_higher_fence()
    {
        await OutboxStore.PublishAsync(_bank.Store, "k", new Numbered("a", 1), new Numbered("a", 2));
        await _bank.ExecuteAsync(
            """
            select from {schema}.claim_messages(gen_random_uuid(), interval '1 second', array['numbered'], now(), '', '', 10, 10)
            """);
        var dead = (long)(await _bank.ExecuteAsync("select token from {schema}.message_lanes"))!;
        var sink = new Sink();
        await using var store = _bank.With(sink);
        var began = Stopwatch.GetTimestamp();
        await using var daemon = await OutboxStore.StartAsync(store, DaemonMode.HotCold);
        await sink.HasAsync(2);
        Stopwatch.GetElapsedTime(began).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(500));
        sink.Numbers.ShouldBe([1, 2]);
        sink.Sent.ShouldAllBe(one => one.Fence > dead);
    }

    [Fact]
    public async Task A_daemon_that_is_the_only_one_waits_for_no_lease()
    {
        await OutboxStore.PublishAsync(_bank.Store, "k", new Numbered("a", 1));
        await _bank.ExecuteAsync(
            "select from {schema}.claim_messages(gen_random_uuid(), interval '1 day', array['numbered'], now(), '', '', 10, 10)");
        var sink = new Sink();
        await using var store = _bank.With(sink);
        await using var daemon = await OutboxStore.StartAsync(store);
        await sink.HasAsync(1);
    }

    [Fact]
    public async Task A_sender_that_was_replaced_deletes_nothing_and_ends_the_call_at_hand()
    {
        var (began, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = new Sink(async (_, token) =>
        {
            began.TrySetResult();
            await using var registration = token.Register(() => ended.TrySetResult());
            await ended.Task;
        });
        await using var store = _bank.With(slow);
        await using var daemon = await OutboxStore.StartAsync(store, DaemonMode.HotCold);
        await OutboxStore.PublishAsync(store, "k", new Numbered("a", 1), new Numbered("a", 2));
        await began.Task.WaitAsync(Token);

        // As another process would that found the lease expired.
        await _bank.ExecuteAsync(
            "update {schema}.message_lanes set token = nextval('{schema}.message_tokens'), leased_until = now() + interval '2 seconds'");
        await ended.Task.WaitAsync(Token);
        (await store.Messages.StatusAsync(Token)).Waiting.ShouldBe(2);
        await OutboxStore.IsEmptyAsync(store);

        // The first one went out twice, in the order of the key.
        slow.Numbers.ShouldBe([1, 1, 2]);
    }

    [Fact]
    public async Task A_call_that_takes_longer_than_the_lease_keeps_its_key()
    {
        var sink = new Sink(static (message, token) =>
            ((Numbered)message.Data).Number == 1 ? Task.Delay(TimeSpan.FromSeconds(2.5), token) : Task.CompletedTask);
        await using var store = _bank.With(sink);
        await using var other = _bank.With(sink);
        await using var daemon = await OutboxStore.StartAsync(store, DaemonMode.HotCold);
        await using var second = await OutboxStore.StartAsync(other, DaemonMode.HotCold);
        await OutboxStore.PublishAsync(store, "k", new Numbered("a", 1), new Numbered("a", 2));
        await sink.HasAsync(2);
        await OutboxStore.IsEmptyAsync(store);
        sink.Numbers.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Connections_are_cut_and_backends_ended_and_all_goes_out_in_order()
    {
        var random = new Random();
        var name = $"o-{Guid.NewGuid():N}";
        var sink = new Sink();
        await using var proxy = new TcpProxy(
            new NpgsqlConnectionStringBuilder(_bank.StoreConnectionString) { ApplicationName = name }.ConnectionString);
        await using var store = EventStore.For(options =>
        {
            options.Connection(proxy.ConnectionString);
            options.Schema = _bank.Schema;
            options.Messages.SendTo(sink);
            options.Messages.Lease = TimeSpan.FromSeconds(1);
        });
        await using var daemon = await OutboxStore.StartAsync(store, DaemonMode.HotCold);
        var count = LongForm.Of(200, 5000);
        for (var number = 0; number < count; number++)
        {
            if (random.Next(8) == 0)
                proxy.BreakNext(random.Next(2) == 0 ? TcpProxy.Break.BeforeTheServerGetsIt : TcpProxy.Break.BeforeTheClientGetsTheAnswer);

            if (random.Next(20) == 0)
                await _bank.ExecuteAsync(
                    $"select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '{name}'");

            await OutboxStore.PublishAsync(_bank.Store, $"k{number % 5}", new Numbered("a", number));
        }

        await OutboxStore.IsEmptyAsync(_bank.Store);
        foreach (var ofKey in sink.Sent.GroupBy(static one => one.Key))
        {
            var numbers = ofKey.Select(static one => ((Numbered)one.Data).Number).ToList();
            var firsts = numbers.Distinct().ToList();
            firsts.ShouldBe(firsts.Order());
            firsts.Count.ShouldBe(count / 5);
        }
    }

    [Fact]
    public async Task An_idle_sender_asks_a_few_times_a_second_and_is_woken_by_a_commit_of_its_process()
    {
        var sink = new Sink();
        await using var proxy = new TcpProxy(_bank.StoreConnectionString);
        await using var store = EventStore.For(options =>
        {
            options.Connection(proxy.ConnectionString);
            options.Schema = _bank.Schema;
            options.Messages.SendTo(sink);
            options.Messages.PollInterval = TimeSpan.FromMinutes(1);
        });
        await using var daemon = await OutboxStore.StartAsync(store);
        await OutboxStore.PublishAsync(store, null, new Numbered("a", 1));
        await sink.HasAsync(1);
        await using var session = store.OpenSession();
        session.Messages.Schedule(DateTimeOffset.UtcNow.AddSeconds(1), new Numbered("a", 2));
        await session.SaveChangesAsync(Token);
        await sink.HasAsync(2);
        await using var usual = EventStore.For(options =>
        {
            options.Connection(proxy.ConnectionString);
            options.Schema = _bank.Schema;
            options.Messages.SendTo(sink);
        });
        await using var polling = await OutboxStore.StartAsync(usual, DaemonMode.HotCold);
        await Task.Delay(TimeSpan.FromSeconds(1), Token);
        var (before, began) = (proxy.RoundTrips, Stopwatch.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(4), Token);

        // That of the daemons themselves, which look after subscriptions, included: four a second each.
        ((proxy.RoundTrips - before) / Stopwatch.GetElapsedTime(began).TotalSeconds).ShouldBeInRange(1, 15);
    }
}
