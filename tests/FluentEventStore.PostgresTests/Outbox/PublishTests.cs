using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Outbox;

/// <summary>Messages go out after the commit of their unit, as they were when they were published.</summary>
public sealed class PublishTests(PostgresServer server) : IAsyncLifetime
{
    private readonly OutboxStore _bank = new(server);
    private readonly Sink _sink = new();
    private readonly string _stream = $"s-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task A_message_goes_out_with_what_is_known_of_it_and_as_it_was_when_it_was_published()
    {
        await using var store = _bank.With(_sink);
        await using var daemon = await OutboxStore.StartAsync(store);
        var message = new Numbered("a", 1) { Notes = ["before"] };
        Guid id;
        await using (var session = store.OpenSession(new SessionOptions
        {
            TenantId = "acme", CorrelationId = "c", CausationId = "d", UserName = "u",
        }))
        {
            session.SetHeader("h", "v");
            id = session.Messages.Publish(message, "account-7");
            message.Notes.Add("after");
            session.HasPendingChanges.ShouldBeTrue();
            await session.SaveChangesAsync(Token);
            session.HasPendingChanges.ShouldBeFalse();
        }

        await _sink.HasAsync(1);
        var sent = _sink.Sent.ShouldHaveSingleItem();
        sent.Id.ShouldBe(id);
        sent.TenantId.ShouldBe(new TenantId("acme"));
        (sent.Key, sent.TypeName, sent.CorrelationId, sent.CausationId, sent.UserName, sent.Attempt)
            .ShouldBe(("account-7", "numbered", "c", "d", "u", 1));
        sent.Headers.ShouldBe(new Dictionary<string, string> { ["h"] = "v" });
        sent.Data.ShouldBeOfType<Numbered>().Notes.ShouldBe(["before"]);
        System.Text.Encoding.UTF8.GetString(sent.Json.Span).ShouldContain("before");
        sent.Fence.ShouldBeGreaterThan(0);
        await OutboxStore.IsEmptyAsync(store);
        (await _bank.ExecuteAsync("select count(*) from {schema}.message_lanes")).ShouldBe(0L);
    }

    [Fact]
    public async Task Nothing_goes_out_of_a_unit_that_is_refused_and_nothing_twice_of_one_that_is_saved_again()
    {
        await using var store = _bank.With(_sink);
        await using var daemon = await OutboxStore.StartAsync(store);
        await using (var session = store.OpenSession())
        {
            session.Events.StartStream(_stream, new NoteTaken("a"));
            session.Messages.Publish(new Numbered("a", 1));
            await session.SaveChangesAsync(Token);
        }

        await using (var session = store.OpenSession())
        {
            session.Events.StartStream(_stream, new NoteTaken("b"));
            session.Messages.Publish(new Numbered("a", 2));
            await Should.ThrowAsync<StreamAlreadyExistsException>(() => session.SaveChangesAsync(Token));
        }

        var eventId = Guid.CreateVersion7();
        foreach (var number in (int[])[3, 4])
        {
            await using var session = store.OpenSession();
            session.Events.Append(_stream, new NoteTaken("c")).WithEventId(eventId);
            session.Messages.Publish(new Numbered("a", number));
            await session.SaveChangesAsync(Token);
        }

        await OutboxStore.PublishAsync(store, null, new Numbered("a", 5));
        await _sink.HasAsync(3);
        await OutboxStore.IsEmptyAsync(store);
        _sink.Numbers.ShouldBe([1, 3, 5], ignoreOrder: true);
    }

    [Fact]
    public async Task Messages_of_a_transaction_of_the_caller_go_out_once_that_is_committed()
    {
        await using var store = _bank.With(_sink);
        await using var daemon = await OutboxStore.StartAsync(store);
        await using var connection = new NpgsqlConnection(_bank.StoreConnectionString);
        await connection.OpenAsync(Token);
        foreach (var isCommitted in (bool[])[false, true])
        {
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await using (var session = store.OpenSession(new SessionOptions { Transaction = transaction }))
            {
                session.Events.Append(_stream, new NoteTaken("a"));
                session.Messages.Publish(new Numbered("a", isCommitted ? 2 : 1), "k");
                await session.SaveChangesAsync(Token);
            }

            await OutboxStore.PublishAsync(store, "other", new Numbered("other", 0));
            await Eventually.BecomesTrueAsync(
                () => Task.FromResult(_sink.Sent.Count(static one => one.Key == "other") == (isCommitted ? 2 : 1)), "another one is sent");
            _sink.Sent.ShouldAllBe(static one => one.Key == "other");
            if (isCommitted)
                await transaction.CommitAsync(Token);
            else
                await transaction.RollbackAsync(Token);
        }

        await _sink.HasAsync(3);
        _sink.Sent.Single(static one => one.Key == "k").Data.ShouldBeOfType<Numbered>().Number.ShouldBe(2);
    }

    [Fact]
    public async Task What_the_handler_of_a_subscription_publishes_goes_out_once_and_carries_the_event()
    {
        var failures = 0;
        await using var store = _bank.With(_sink, options => options.Subscriptions.Add("mails", subscription => subscription
            .OnError(5, FailedEvent.Stop, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10))
            .Handle((@event, context) =>
            {
                context.Session.Messages.Publish(new Numbered(@event.StreamId.Value, (int)@event.Version), @event.StreamId.Value);

                // What is published in an attempt that fails is undone with it.
                return @event.Version % 3 == 0 && Interlocked.Increment(ref failures) % 2 == 1
                    ? throw new InvalidOperationException("not yet")
                    : Task.CompletedTask;
            })));
        await using var daemon = await OutboxStore.StartAsync(store);
        for (var number = 0; number < 10; number++)
            await _bank.AppendAsync(_stream, new NoteTaken($"{number}"));

        await daemon.CatchUpAsync(Token);
        await _sink.HasAsync(10);
        await OutboxStore.IsEmptyAsync(store);
        _sink.Numbers.ShouldBe(Enumerable.Range(1, 10));
        var ids = new List<string>();
        await foreach (var @event in store.OpenQuerySession().Events.ReadStreamAsync(_stream, cancellationToken: Token))
            ids.Add(@event.Id.ToString());

        _sink.Sent.Select(static one => one.CausationId).ShouldBe(ids);
        failures.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Types_have_handlers_of_their_own_and_what_nobody_sends_stays_and_is_told()
    {
        var handled = new List<string>();
        await using var store = _bank.CreateStore(options => options.Messages.Handle<OtherNote>((message, context) =>
        {
            handled.Add($"{message.Text} {context.Message.TypeName} {context.Services is null}");
            return Task.CompletedTask;
        }));
        await using var daemon = await OutboxStore.StartAsync(store);
        await OutboxStore.PublishAsync(store, "k", new OtherNote("first"), new Numbered("a", 1), new OtherNote("behind"));
        await OutboxStore.PublishAsync(store, null, new OtherNote("beside"));
        await Eventually.BecomesTrueAsync(
            async () => (await store.Messages.StatusAsync(Token)).Waiting == 2, "what is sent here is sent");
        handled.ShouldBe(["first note-of-others True", "beside note-of-others True"], ignoreOrder: true);
        var status = await store.Messages.StatusAsync(Token);
        status.WaitingByType.ShouldBe(new Dictionary<string, long> { ["note-of-others"] = 1, ["numbered"] = 1 });
        status.FailingKeys.ShouldBe(0);
        status.Oldest.ShouldNotBeNull();

        // Another process that knows the type takes it.
        await using var other = _bank.With(_sink);
        await using var sending = await OutboxStore.StartAsync(other, DaemonMode.HotCold);
        await OutboxStore.IsEmptyAsync(store);
        handled.Count.ShouldBe(2 + (2 - _sink.Sent.Count));
    }

    [Fact]
    public async Task What_cannot_be_published_is_refused_at_the_call()
    {
        await using var store = _bank.With(_sink, static options => options.Messages.MaxBytesOfMessage = 1024);
        await using var session = store.OpenSession();
        Should.Throw<ArgumentException>(() => session.Messages.Publish("text")).Message.ShouldContain("[Message]");
        Should.Throw<ArgumentException>(() => session.Messages.Publish(new Numbered("a", 1), ""));
        Should.Throw<ArgumentException>(() => session.Messages.Publish(new Numbered("a", 1), new string('k', 251)));
        Should.Throw<ArgumentException>(() => session.Messages.Cancel(""));
        Should.Throw<MessageSerializationException>(() => session.Messages.Publish(new Numbered("\0", 1))).Path.ShouldBe("$.run");
        var large = Should.Throw<MessageTooLargeException>(() => session.Messages.Publish(new Numbered(new string('x', 1024), 1)));
        (large.TypeName, large.Limit).ShouldBe(("numbered", 1024));
        large.Size.ShouldBeGreaterThan(1024);
        session.HasPendingChanges.ShouldBeFalse();
    }

    [Fact]
    public async Task The_span_of_a_message_is_a_trace_of_its_own_linked_to_the_one_that_published_it()
    {
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is EventStoreTelemetry.Name or "outbox-test",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("outbox-test");
        var inSink = default(Activity);
        var sink = new Sink((_, _) =>
        {
            inSink = Activity.Current;
            return Task.CompletedTask;
        });
        await using var store = _bank.With(sink);
        await using var daemon = await OutboxStore.StartAsync(store);
        using var publishing = source.StartActivity("publish").ShouldNotBeNull();
        await OutboxStore.PublishAsync(store, null, new Numbered("a", 1));
        await sink.HasAsync(1);
        sink.Sent.Single().TraceParent.ShouldBe(publishing.Id);
        var span = inSink.ShouldNotBeNull();
        (span.OperationName, span.Kind).ShouldBe(("send numbered", ActivityKind.Producer));
        span.TraceId.ShouldNotBe(publishing.TraceId);
        span.Links.Single().Context.SpanId.ShouldBe(publishing.SpanId);
        span.GetTagItem(EventStoreTelemetry.MessageTypeTag).ShouldBe("numbered");
    }
}
