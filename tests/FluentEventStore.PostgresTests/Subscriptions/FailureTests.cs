using System.Collections.Concurrent;
using System.Globalization;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions;

public sealed class FailureTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentQueue<string> _handled = new();

    [Fact]
    public async Task An_event_is_tried_as_often_as_declared_and_then_the_subscription_stops_and_says_why()
    {
        await AppendAsync("a", "1", "bad", "3");
        await using var store = Store(FailedEvent.Stop, retries: 2);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);

        var stopped = await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>();
        stopped.Subscription.ShouldBe(_name);
        _calls.Count(call => call == "bad").ShouldBe(3);
        _handled.ShouldBe(["1"]);
        var status = await SubscriptionStore.StatusAsync(store, _name);
        status.State.ShouldBe(SubscriptionState.Faulted);
        var failure = status.Failure.ShouldNotBeNull();
        failure.Kind.ShouldBe(FailureKind.HandlerFailed);
        failure.Message.ShouldBe("it is bad");
        failure.Attempts.ShouldBe(3);
        failure.StreamId.ShouldBe($"{_prefix}a");
        failure.EventType.ShouldBe("note-taken");
        stopped.Position.ShouldBe(failure.Position!.Value - 1);
    }

    [Fact]
    public async Task A_stopped_subscription_goes_on_with_the_event_when_it_is_resumed()
    {
        await AppendAsync("a", "1", "bad", "3");
        var isMended = false;
        await using var store = Store(FailedEvent.Stop, retries: 0, isBad: text => text == "bad" && !Volatile.Read(ref isMended));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>();

        Volatile.Write(ref isMended, true);
        await store.Subscriptions.ResumeAsync(_name, Token);
        await daemon.CatchUpAsync(Token);
        _handled.ShouldBe(["1", "bad", "3"]);
    }

    [Fact]
    public async Task A_skipped_event_is_in_the_audit_and_later_ones_are_handled()
    {
        await AppendAsync("a", "1", "bad", "3");
        await using var store = Store(FailedEvent.Skip, retries: 1);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _handled.ShouldBe(["1", "3"]);
        _calls.Count(call => call == "bad").ShouldBe(2);
        (await bank.ExecuteAsync($$"""
            select detail->'reason'->>'message' from {schema}.audit where verb = 'skip' and detail->>'subscription' = '{{_name}}'
            """)).ShouldBe("it is bad");
    }

    [Fact]
    public async Task Later_events_of_a_parked_key_wait_and_other_keys_go_on()
    {
        await AppendAsync("a", "1", "bad", "3");
        await AppendAsync("b", "4");
        await using var store = Store(FailedEvent.Park, retries: 0);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _handled.ShouldBe(["1", "4"]);
        await AppendAsync("a", "5");
        await AppendAsync("b", "6");
        await daemon.CatchUpAsync(Token);
        _handled.ShouldBe(["1", "4", "6"]);
        (await SubscriptionStore.StatusAsync(store, _name)).Parked.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_that_succeeds_at_last_leaves_nothing_behind_for_the_next()
    {
        await AppendAsync("a", "bad1", "bad2");
        var counts = new ConcurrentDictionary<string, int>();
        await using var store = Store(
            FailedEvent.Stop,
            retries: 2,
            isBad: text => counts.AddOrUpdate(text, 1, static (_, count) => count + 1) <= 2);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _handled.ShouldBe(["bad1", "bad2"]);
        counts.Values.ShouldAllBe(count => count == 3);
    }

    [Fact]
    public async Task Events_before_one_that_fails_are_not_handed_over_again_if_they_wrote_nothing_with_the_session()
    {
        await AppendAsync("a", "1", "2", "bad", "4");
        await using var store = Store(FailedEvent.Skip, retries: 1);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _calls.ShouldBe(["1", "2", "bad", "bad", "4"]);
    }

    [Fact]
    public async Task What_was_written_for_a_page_with_an_event_that_fails_is_written_once()
    {
        await AppendAsync("a", "1", "2", "bad", "4");
        var target = $"{_prefix}target";
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream($"{_prefix}a"))
            .OnError(1, FailedEvent.Skip, Soon, Soon)
            .Handle((@event, context) =>
            {
                var text = ((NoteTaken)@event.Data).Text;
                context.Session.Events.Append(target, new NoteTaken(text));
                return text == "bad" ? throw new InvalidOperationException("it is bad") : Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        (await bank.FetchAsync(target)).Select(note => ((NoteTaken)note.Data).Text).ShouldBe(["1", "2", "4"]);
    }

    [Fact]
    public async Task Work_that_the_store_refuses_is_a_failure_of_its_event()
    {
        await AppendAsync("a", "1", "2", "3");
        var target = $"{_prefix}target";
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream($"{_prefix}a"))
            .OnError(1, FailedEvent.Skip, Soon, Soon)
            .Handle((@event, context) =>
            {
                var text = ((NoteTaken)@event.Data).Text;
                if (text == "2")
                    context.Session.Events.Append($"{target}-{text}", ExpectedVersion.Exactly(7), new NoteTaken(text));
                else
                    context.Session.Events.Append(target, new NoteTaken(text));
                return Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        (await bank.FetchAsync(target)).Select(note => ((NoteTaken)note.Data).Text).ShouldBe(["1", "3"]);
    }

    [Fact]
    public async Task A_handler_that_hangs_fails_and_nothing_that_it_does_later_counts()
    {
        await AppendAsync("a", "1", "hang", "3");
        var target = $"{_prefix}target";
        var go = new TaskCompletionSource();
        var late = new TaskCompletionSource<Exception?>();
        var tokenOfHung = 0L;
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream($"{_prefix}a"))
            .OnError(0, FailedEvent.Skip, Soon, Soon)
            .HandlerTimeout(TimeSpan.FromMilliseconds(100))
            .Handle(async (@event, context) =>
            {
                var text = ((NoteTaken)@event.Data).Text;
                if (text == "hang")
                {
                    Interlocked.CompareExchange(ref tokenOfHung, context.FencingToken, 0);
                    await go.Task;
                    late.TrySetResult(Record(() => context.Session.Events.Append(target, new NoteTaken(text))));
                    return;
                }

                context.Session.Events.Append(target, new NoteTaken($"{text} {context.FencingToken}"));
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        go.SetResult();
        (await late.Task).ShouldBeOfType<ObjectDisposedException>();
        var written = (await bank.FetchAsync(target)).Select(note => ((NoteTaken)note.Data).Text).ToList();
        written.Select(text => text[..1]).ShouldBe(["1", "3"]);
        Token(written[1]).ShouldBeGreaterThan(tokenOfHung);

        static long Token(string text) => long.Parse(text[2..], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_session_of_a_handler_cannot_be_saved_by_it()
    {
        await AppendAsync("a", "1");
        var failure = new TaskCompletionSource<Exception?>();
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream($"{_prefix}a"))
            .Handle(async (_, context) =>
            {
                try
                {
                    await context.Session.SaveChangesAsync();
                }
                catch (InvalidOperationException refused)
                {
                    failure.TrySetResult(refused);
                }
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        (await failure.Task).ShouldNotBeNull().Message.ShouldContain("saves this session");
    }

    [Fact]
    public async Task A_page_that_fails_is_handed_over_one_by_one()
    {
        await AppendAsync("a", "1", "bad", "3");
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream($"{_prefix}a"))
            .OnError(1, FailedEvent.Skip, Soon, Soon)
            .HandlePages((events, _) =>
            {
                var texts = events.Select(@event => ((NoteTaken)@event.Data).Text).ToList();
                _calls.Enqueue(string.Join(' ', texts));
                return texts.Contains("bad") ? throw new InvalidOperationException("it is bad") : Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _calls.ShouldBe(["1 bad 3", "1", "bad", "bad", "3"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_whose_own_database_is_away_is_called_until_it_is_back_and_the_status_says_what_it_waits_for(bool isWrapped)
    {
        var isAway = true;
        var outage = new NpgsqlException("away", new IOException("it does not answer"));
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStreams(_prefix))
            .OnError(0, FailedEvent.Stop)
            .Handle((@event, _) =>
            {
                _calls.Enqueue("call");
                return Volatile.Read(ref isAway)
                    ? throw (isWrapped ? new InvalidOperationException("It could not be saved.", outage) : outage)
                    : Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await AppendAsync("a", "1");
        var status = await SubscriptionStore.WaitAsync(store, _name, static status => status.State == SubscriptionState.Waiting);
        status.Failure.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Outage);
        status.Failure.Attempts.ShouldBe(0);
        Volatile.Write(ref isAway, false);
        await daemon.CatchUpAsync(Token);
        _calls.Count.ShouldBeGreaterThan(1);
        (await SubscriptionStore.StatusAsync(store, _name)).Failure.ShouldBeNull();
    }

    private static Exception? Record(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private EventStore Store(FailedEvent then, int retries, Func<string, bool>? isBad = null) =>
        bank.With(_name, subscription => subscription
        .Filter(filter => filter.OfStreams(_prefix))
        .OnError(retries, then, Soon, Soon)
        .Handle((@event, _) =>
        {
            var text = ((NoteTaken)@event.Data).Text;
            _calls.Enqueue(text);
            if ((isBad ?? (static one => one == "bad"))(text))
                throw new InvalidOperationException("it is bad");

            _handled.Enqueue(text);
            return Task.CompletedTask;
        }));

    private Task<Commit> AppendAsync(string stream, params string[] texts) =>
        bank.AppendAsync($"{_prefix}{stream}", [.. texts.Select(text => (object)new NoteTaken(text))]);
}
