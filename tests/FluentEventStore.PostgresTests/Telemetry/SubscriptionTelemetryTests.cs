using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Telemetry;

public sealed class SubscriptionTelemetryTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);
    private readonly MeasurementRecorder _meter = new();
    private readonly StreamId _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _bank.DisposeAsync();
    }

    [Fact]
    public async Task What_is_handled_retried_and_taken_over_is_counted_and_calls_are_timed_by_the_type_of_the_event()
    {
        var fails = true;
        await _bank.AppendAsync(_id, new NoteTaken("a"), new NoteTaken("bad"), new MoneyDeposited(Guid.Empty, 1));
        await using var store = With(subscription => Patient(subscription).Handle((@event, _) =>
        {
            if (@event.Data is not NoteTaken { Text: "bad" } || !fails)
                return Task.CompletedTask;

            fails = false;
            throw new NotSupportedException("It is bad.");
        }));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await daemon.CatchUpAsync(Cancellation);

        // The rows are written a moment before that is counted.
        await Eventually.BecomesTrueAsync(() => Task.FromResult(Sum("events.handled") >= 3), "all are counted");
        Sum("events.handled").ShouldBe(3);
        Sum("retries").ShouldBe(1);
        Sum("lease.moves").ShouldBe(1);
        Of("handler.duration").Select(static one => (one.EventType, one.ErrorType)).ShouldBe(
            [
                ("note-taken", null), ("note-taken", "System.NotSupportedException"), ("note-taken", null), ("money-deposited", null),
            ]);
        _meter.Of(_bank.Schema, "fluenteventstore.subscription.events.handled").ShouldAllBe(static one => one.Subscription == "notes");
    }

    [Fact]
    public async Task A_range_that_another_process_takes_over_is_counted_as_moved()
    {
        await using var first = With(subscription => subscription.PartitionByStream(4).Handle(static (_, _) => Task.CompletedTask));
        await using var second = With(subscription => subscription.PartitionByStream(4).Handle(static (_, _) => Task.CompletedTask));
        await using var one = first.BuildDaemon(DaemonMode.HotCold);
        await one.StartAsync(Cancellation);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(Sum("lease.moves") == 4), "it takes them all");
        await using var two = second.BuildDaemon(DaemonMode.HotCold);
        await two.StartAsync(Cancellation);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(Sum("lease.moves") == 6), "two of them move");
        await one.StopAsync(Cancellation);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(Sum("lease.moves") == 8), "the others follow");
    }

    [Fact]
    public async Task What_was_undone_is_not_counted_until_it_is_handled()
    {
        var calls = 0;
        await _bank.AppendAsync(_id, new NoteTaken("a"), new NoteTaken("b"));
        await using var store = With(subscription => Patient(subscription).Handle((@event, context) =>
        {
            context.Session.Events.Append($"copy-{_id}", new MoneyDeposited(Guid.Empty, 1));
            return ++calls == 2 ? throw new NotSupportedException("It is bad.") : Task.CompletedTask;
        }).ForEvents<NoteTaken>());
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await daemon.CatchUpAsync(Cancellation);

        Sum("events.handled").ShouldBe(2);
    }

    [Fact]
    public async Task How_far_a_subscription_is_behind_is_observed_without_a_look_at_the_database()
    {
        var goesOn = new TaskCompletionSource();
        await _bank.AppendAsync(_id, new NoteTaken("a"), new NoteTaken("bad"), new NoteTaken("b"));
        await _bank.AppendAsync($"{_id}-other", new NoteTaken("c"), new NoteTaken("d"));
        await using var proxy = new TcpProxy(_bank.ConnectionString);
        await using var store = With(
            subscription => subscription.OnError(0, FailedEvent.Park).Handle((@event, _) => @event.Data is NoteTaken { Text: "bad" }
                ? throw new NotSupportedException("It is bad.")
                : @event.Data is NoteTaken { Text: "c" } ? goesOn.Task : Task.CompletedTask),
            proxy.ConnectionString);
        await using (var daemon = store.BuildDaemon())
        {
            await daemon.StartAsync(Cancellation);
            await Eventually.BecomesTrueAsync(() => Task.FromResult(Observe("parked") == 1 && Observe("lag") > 0), "it is behind");
            Observe("lag_time").ShouldNotBeNull().ShouldBeGreaterThan(0);
            goesOn.SetResult();
            await daemon.CatchUpAsync(Cancellation);
            await daemon.StopAsync(Cancellation);
            var before = proxy.RoundTrips;
            Observe("lag").ShouldBeNull();
            proxy.RoundTrips.ShouldBe(before);
        }
    }

    [Fact]
    public async Task A_page_is_a_trace_of_its_own_in_which_its_handlers_run_and_what_they_write_is_saved()
    {
        using var spans = new SpanRecorder();
        await _bank.AppendAsync(_id, new NoteTaken("a"), new NoteTaken("b"));
        ActivityTraceId? trace = null;
        await using var store = With(subscription => subscription.ForEvents<NoteTaken>().Handle((_, context) =>
        {
            trace = Activity.Current?.TraceId;
            context.Session.Events.Append($"copy-{_id}", new MoneyDeposited(Guid.Empty, 1));
            return Task.CompletedTask;
        }));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await daemon.CatchUpAsync(Cancellation);
        await daemon.StopAsync(Cancellation);

        var page = spans.Of(_bank.Schema).Single(static span => span.DisplayName == "handle notes");
        page.Kind.ShouldBe(ActivityKind.Consumer);
        page.ParentSpanId.ShouldBe(default);
        page.GetTagItem(EventStoreTelemetry.EventsTag).ShouldBe(2);
        page.GetTagItem(EventStoreTelemetry.SubscriptionTag).ShouldBe("notes");
        page.TraceId.ShouldBe(trace!.Value);
        spans.Of(_bank.Schema, "save").ShouldContain(save => save.ParentSpanId == page.SpanId);
    }

    [Fact]
    public async Task A_page_links_to_each_span_that_appended_some_of_its_events_as_far_as_they_tell()
    {
        using var spans = new SpanRecorder();
        List<ActivityContext> appending = [];
        for (var number = 0; number < 130; number++)
        {
            var context = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
            appending.Add(context);
            await AppendAsync(context.TraceId.ToString(), context.SpanId.ToString());
        }

        await AppendAsync(new string('0', 32), "00f067aa0ba902b7");
        await AppendAsync("4bf92f3577b34da6a3ce929d0e0e473Z", "00f067aa0ba902b7");
        await AppendAsync("4bf92f3577b34da6a3ce929d0e0e4736", "a command of ours");
        await AppendAsync(correlation: null, causation: null);
        await using var store = With(static subscription => subscription.Handle(static (_, _) => Task.CompletedTask));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await daemon.CatchUpAsync(Cancellation);
        await daemon.StopAsync(Cancellation);

        var page = spans.Of(_bank.Schema).Single(static span => span.DisplayName == "handle notes");
        page.Links.Select(static link => (link.Context.TraceId, link.Context.SpanId, link.Context.IsRemote))
            .ShouldBe(appending.Take(128).Select(static context => (context.TraceId, context.SpanId, true)));

        async Task AppendAsync(string? correlation, string? causation)
        {
            await using var session = _bank.Store.OpenSession();
            (session.CorrelationId, session.CausationId) = (correlation, causation);
            session.Events.Append(_id, new NoteTaken("a"), new NoteTaken("b"));
            await session.SaveChangesAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_page_that_fails_has_a_span_that_says_so()
    {
        using var spans = new SpanRecorder();
        await _bank.AppendAsync(_id, new NoteTaken("a"));
        await using var store = With(static subscription => subscription.OnError(0, FailedEvent.Stop).Handle(static (_, _) =>
            throw new NotSupportedException("It is bad.")));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await Should.ThrowAsync<SubscriptionStoppedException>(() => daemon.CatchUpAsync(Cancellation));
        await daemon.StopAsync(Cancellation);

        var page = spans.Of(_bank.Schema).Single(static span => span.DisplayName == "handle notes");
        (page.Status, page.StatusDescription).ShouldBe((ActivityStatusCode.Error, null));
        page.GetTagItem(EventStoreTelemetry.ErrorTypeTag).ShouldBe("System.NotSupportedException");
    }

    private EventStore With(Action<SubscriptionBuilder> declare, string? connectionString = null) => _bank.CreateStore(options =>
    {
        options.Subscriptions.Add("notes", declare);
        if (connectionString is not null)
            options.Connection(connectionString);
    });

    private static SubscriptionBuilder Patient(SubscriptionBuilder subscription) =>
        subscription.OnError(2, FailedEvent.Stop, TimeSpan.Zero, TimeSpan.Zero);

    private double? Observe(string name) => _meter.Observe(_bank.Schema, $"fluenteventstore.subscription.{name}");

    private double Sum(string name) => _meter.Sum(_bank.Schema, $"fluenteventstore.subscription.{name}");

    private IReadOnlyList<MeasurementRecorder.Measured> Of(string name) =>
        _meter.Of(_bank.Schema, $"fluenteventstore.subscription.{name}");
}
