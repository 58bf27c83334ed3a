using System.Collections.Concurrent;

namespace FluentEventStore.PostgresTests.Outbox;

/// <summary>Sinks that fail keep the messages of the keys that they fail for waiting, in order, and nobody else.</summary>
public sealed class FailingSinkTests(PostgresServer server) : IAsyncLifetime
{
    private readonly OutboxStore _bank = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task Later_messages_of_a_key_wait_behind_one_that_fails_and_other_keys_go_on()
    {
        var attempts = new ConcurrentQueue<int>();
        var mayGo = false;
        var sink = new Sink((message, _) =>
        {
            if (message.Key == "bad" && ((Numbered)message.Data).Number == 1)
            {
                attempts.Enqueue(message.Attempt);
                return Volatile.Read(ref mayGo) ? Task.CompletedTask : throw new InvalidOperationException("no line");
            }

            return Task.CompletedTask;
        });
        await using var store = _bank.With(sink, static options => options.Messages.LongestPause = TimeSpan.FromMilliseconds(100));
        await using var daemon = await OutboxStore.StartAsync(store);
        await OutboxStore.PublishAsync(store, "bad", new Numbered("a", 1), new Numbered("a", 2));
        await OutboxStore.PublishAsync(store, "good", new Numbered("a", 3), new Numbered("a", 4));
        await OutboxStore.PublishAsync(store, null, new Numbered("a", 5));
        await Eventually.BecomesTrueAsync(
            async () => (await store.Messages.StatusAsync(Token)).AlarmedKeys == 1, "an alarm is raised");
        await sink.HasAsync(3);
        sink.Numbers.ShouldBe([3, 4, 5], ignoreOrder: true);
        var failing = (await store.Messages.StatusAsync(Token)).Failing.ShouldHaveSingleItem();
        (failing.Key, failing.TypeName, failing.Error, failing.IsAlarmed)
            .ShouldBe(("bad", "numbered", "InvalidOperationException: no line", true));
        failing.Attempts.ShouldBe(3);
        attempts.ShouldBe([1, 2, 3]);

        // The next attempt would come in five minutes.
        Volatile.Write(ref mayGo, true);
        (await store.Messages.RetryAsync(Guid.NewGuid(), Token)).ShouldBeFalse();
        (await store.Messages.RetryAsync(failing.Id, Token)).ShouldBeTrue();
        await sink.HasAsync(5);
        sink.Numbers.Where(static number => number < 3).ShouldBe([1, 2]);
        (await store.Messages.StatusAsync(Token)).FailingKeys.ShouldBe(0);
        (await _bank.ExecuteAsync("select string_agg(verb, ',') from {schema}.audit")).ShouldBe("retry_message");
    }

    [Fact]
    public async Task A_message_that_is_dropped_lets_the_others_of_its_key_go_and_leaves_its_reason_in_the_audit()
    {
        var sink = new Sink(static (message, _) =>
            ((Numbered)message.Data).Number == 1 ? throw new InvalidOperationException("bad\0") : Task.CompletedTask);
        await using var store = _bank.With(sink);
        await using var daemon = await OutboxStore.StartAsync(store);
        await OutboxStore.PublishAsync(store, "k", new Numbered("a", 1), new Numbered("a", 2));
        await Eventually.BecomesTrueAsync(
            async () => (await store.Messages.StatusAsync(Token)).Failing is [{ Attempts: > 4 }], "it has failed several times");
        var id = (await store.Messages.StatusAsync(Token)).Failing[0].Id;
        await Should.ThrowAsync<ArgumentException>(() => store.Messages.DropAsync(id, " ", Token));
        (await store.Messages.DropAsync(id, "wrong address", Token)).ShouldBeTrue();
        (await store.Messages.DropAsync(id, "wrong address", Token)).ShouldBeFalse();
        await sink.HasAsync(1);
        sink.Numbers.ShouldBe([2]);
        await OutboxStore.IsEmptyAsync(store);
        (await _bank.ExecuteAsync("select detail ->> 'reason' from {schema}.audit where verb = 'drop_message'")).ShouldBe("wrong address");
    }

    [Fact]
    public async Task A_sink_that_hangs_whatever_it_is_told_costs_the_time_that_it_is_given_and_its_own_key()
    {
        var hangs = new TaskCompletionSource();
        var blocks = new ManualResetEventSlim();
        var sink = new Sink((message, _) =>
        {
            if (message.Key == "blocks" && message.Attempt == 1)
                blocks.Wait(CancellationToken.None);

            return message.Key == "hangs" && message.Attempt == 1 ? hangs.Task : Task.CompletedTask;
        });
        await using var store = _bank.With(sink, static options => options.Messages.SendTimeout = TimeSpan.FromMilliseconds(200));
        await using var daemon = await OutboxStore.StartAsync(store);
        await OutboxStore.PublishAsync(store, "hangs", new Numbered("a", 1), new Numbered("a", 2));
        await OutboxStore.PublishAsync(store, "blocks", new Numbered("a", 3), new Numbered("a", 4));
        await OutboxStore.PublishAsync(store, "good", new Numbered("a", 5));
        await sink.HasAsync(5);
        sink.Sent.Where(static one => one.Key == "hangs").Select(static one => one.Attempt).ShouldBe([2, 2]);
        sink.Sent.Where(static one => one.Key == "blocks").Select(static one => one.Attempt).ShouldBe([2, 2]);
        sink.Numbers[0].ShouldBe(5);
        await daemon.StopAsync(Token);
        hangs.SetResult();
        blocks.Set();
    }

    [Fact]
    public async Task A_stop_lets_the_message_at_hand_be_sent_and_nothing_is_sent_twice()
    {
        var (began, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var sink = new Sink(async (message, _) =>
        {
            began.TrySetResult();
            await mayEnd.Task;
        });
        await using var store = _bank.With(sink);
        await OutboxStore.PublishAsync(store, "k", new Numbered("a", 1), new Numbered("a", 2), new Numbered("a", 3));
        await using (var daemon = await OutboxStore.StartAsync(store))
        {
            await began.Task.WaitAsync(Token);
            var stopping = daemon.StopAsync(Token);
            mayEnd.SetResult();
            await stopping;
        }

        sink.Numbers.ShouldBe([1]);
        await using var again = await OutboxStore.StartAsync(store, DaemonMode.HotCold);
        await sink.HasAsync(3);
        await OutboxStore.IsEmptyAsync(store);
        sink.Numbers.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_stop_that_is_hurried_ends_the_message_at_hand_which_comes_again()
    {
        var began = new TaskCompletionSource();
        var sink = new Sink(async (message, token) =>
        {
            if (began.TrySetResult())
                await Task.Delay(Timeout.Infinite, token);
        });
        await using var store = _bank.With(sink);
        await OutboxStore.PublishAsync(store, "k", new Numbered("a", 1));
        await using (var daemon = await OutboxStore.StartAsync(store))
        {
            await began.Task.WaitAsync(Token);
            await daemon.StopAsync(new CancellationToken(canceled: true));
        }

        sink.Sent.ShouldBeEmpty();
        await using var again = await OutboxStore.StartAsync(store, DaemonMode.HotCold);
        await sink.HasAsync(1);
        sink.Sent.Single().Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task The_flow_of_a_sink_holds_nothing_of_who_published_or_started_the_daemon()
    {
        var local = new AsyncLocal<string> { Value = "of the caller" };
        var seen = new ConcurrentQueue<string?>();
        var sink = new Sink((_, _) =>
        {
            seen.Enqueue(local.Value);
            return Task.CompletedTask;
        });
        await using var store = _bank.With(sink);
        await using var daemon = await OutboxStore.StartAsync(store);
        await OutboxStore.PublishAsync(store, null, new Numbered("a", 1));
        await sink.HasAsync(1);
        seen.ShouldBe([null]);
    }
}
