using System.Diagnostics;
using System.Diagnostics.Metrics;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Telemetry;

/// <summary>What pulled subscriptions tell, each test in a schema of its own.</summary>
public sealed class PulledTelemetryTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);
    private readonly MeasurementRecorder _meter = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _bank.DisposeAsync();
    }

    [Fact]
    public async Task An_event_counts_as_handled_once_that_is_written_and_its_time_goes_from_the_delivery_to_the_answer()
    {
        await _bank.AppendAsync("a", new NoteTaken("1"), new NoteTaken("2"), new MoneyDeposited(Guid.Empty, 1));
        await using var store = _bank.CreateStore();
        await using (var subscription = await store.Subscriptions.OpenAsync("notes", Slowly(), Cancellation))
        {
            await using var deliveries = subscription.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
            var first = await NextAsync(deliveries);
            await first.RetryAsync(TimeSpan.Zero, Cancellation);
            await (await NextAsync(deliveries)).AckAsync(Cancellation);
            await (await NextAsync(deliveries)).SkipAsync("It is not needed.", Cancellation);
            Sum("events.handled").ShouldBe(0, "nothing is written yet");
            await (await NextAsync(deliveries)).AckAsync(Cancellation);
        }

        Sum("events.handled").ShouldBe(2);
        Sum("retries").ShouldBe(1);
        Of("handler.duration").Select(static one => (one.EventType, one.ErrorType)).ShouldBe(
            [("note-taken", "Retry"), ("note-taken", null), ("note-taken", "Skip"), ("money-deposited", null)]);
        Of("handler.duration").ShouldAllBe(static one => one.Subscription == "notes");
    }

    [Fact]
    public async Task What_waits_behind_an_event_that_is_out_is_not_counted_and_what_comes_again_is_counted_once()
    {
        await _bank.AppendAsync("a", new NoteTaken("1"));
        await _bank.AppendAsync("b", new NoteTaken("2"));
        await using var store = _bank.CreateStore();
        for (var opening = 0; opening < 2; opening++)
        {
            await using var subscription = await store.Subscriptions.OpenAsync("notes", Slowly(), Cancellation);
            await using var deliveries = subscription.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
            var first = await NextAsync(deliveries);
            await (await NextAsync(deliveries)).AckAsync(Cancellation);
            if (opening == 1)
                await first.AckAsync(Cancellation);

            await subscription.DisposeAsync();
            Sum("events.handled").ShouldBe(2 * opening);
        }
    }

    [Fact]
    public async Task A_parked_key_that_is_replayed_counts_as_handled()
    {
        await _bank.AppendAsync("a", new NoteTaken("1"));
        await using var store = _bank.CreateStore();
        await using var subscription = await store.Subscriptions.OpenAsync("notes", new SubscriptionOptions(), Cancellation);
        await using var deliveries = subscription.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        await (await NextAsync(deliveries)).ParkAsync("It is bad.", Cancellation);
        await Eventually.BecomesTrueAsync(
            async () => (await store.Subscriptions.ListParkedAsync("notes", Cancellation)).Count == 1, "it is parked");
        Sum("events.handled").ShouldBe(0);

        await store.Subscriptions.ReplayParkedAsync("notes", Cancellation);
        await (await NextAsync(deliveries)).AckAsync(Cancellation);

        await Eventually.BecomesTrueAsync(() => Task.FromResult(Sum("events.handled") == 1), "it is handled");
    }

    [Fact]
    public async Task How_far_it_is_behind_is_observed_as_long_as_it_is_open_and_as_one_with_what_is_declared()
    {
        await _bank.AppendAsync("a", new NoteTaken("1"));
        await using var store = _bank.CreateStore(static options =>
            options.Subscriptions.Add("declared", static subscription => subscription.Handle(static (_, _) => Task.CompletedTask)));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await daemon.CatchUpAsync(Cancellation);
        var subscription = await store.Subscriptions.OpenAsync("notes", new SubscriptionOptions(), Cancellation);
        var idle = await store.Subscriptions.OpenAsync(
            "live", new SubscriptionOptions { IsTransient = true, Start = SubscriptionStart.Present }, Cancellation);
        await using (idle)
        await using (subscription)
        {
            await Eventually.BecomesTrueAsync(
                () => Task.FromResult(Observe("notes", "lag") == 1 && Observe("declared", "lag") == 0), "both are observed");
            Observe("notes", "lag_time").ShouldNotBeNull().ShouldBeGreaterThan(0);
            Observe("live", "lag").ShouldBeNull();
        }

        Observe("notes", "lag").ShouldBeNull();
        Observe("declared", "lag").ShouldBe(0);
    }

    [Fact]
    public async Task A_delivery_has_a_span_from_when_it_is_taken_until_it_is_answered_which_links_to_where_the_event_was_appended()
    {
        using var spans = new SpanRecorder();
        using var request = new Activity("request").Start();
        var outer = request.Context;
        await using (var session = _bank.Store.OpenSession())
        {
            (session.CorrelationId, session.CausationId) = (outer.TraceId.ToString(), outer.SpanId.ToString());
            session.Events.Append("a", new NoteTaken("1"), new NoteTaken("2"));
            await session.SaveChangesAsync(Cancellation);
        }

        request.Stop();
        await using var store = _bank.CreateStore();
        await using var subscription = await store.Subscriptions.OpenAsync("notes", new SubscriptionOptions(), Cancellation);
        await using var deliveries = subscription.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        using var consumer = new Activity("consumer").Start();
        var first = await NextAsync(deliveries);
        Activity.Current.ShouldBe(consumer);
        spans.Of(_bank.Schema).ShouldNotContain(static span => span.DisplayName == "handle notes");
        await first.AckAsync(Cancellation);
        await (await NextAsync(deliveries)).ParkAsync("It is bad.", Cancellation);
        Activity.Current.ShouldBe(consumer);

        var pages = spans.Of(_bank.Schema).Where(static span => span.DisplayName == "handle notes").ToList();
        pages.Select(static page => (page.Kind, page.ParentSpanId, page.Status)).ShouldBe(
            [(ActivityKind.Consumer, default, ActivityStatusCode.Unset), (ActivityKind.Consumer, default, ActivityStatusCode.Error)]);
        pages[1].GetTagItem(EventStoreTelemetry.ErrorTypeTag).ShouldBe("Park");
        pages.SelectMany(static page => page.Links).Select(static link => (link.Context.TraceId, link.Context.SpanId))
            .ShouldBe([(outer.TraceId, outer.SpanId), (outer.TraceId, outer.SpanId)]);
    }

    [Fact]
    public async Task A_listener_that_throws_keeps_no_event_from_its_consumer()
    {
        var opened = false;
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == EventStoreTelemetry.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span =>
            {
                if (opened && span.DisplayName == $"handle {_bank.Schema}")
                    throw new NotSupportedException("It is bad.");
            },
        };
        ActivitySource.AddActivityListener(listener);
        await _bank.AppendAsync("a", new NoteTaken("1"));
        await using var store = _bank.CreateStore();
        await using var subscription = await store.Subscriptions.OpenAsync(_bank.Schema, new SubscriptionOptions(), Cancellation);
        await using var deliveries = subscription.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        opened = true;

        (await NextAsync(deliveries)).Event.Data.ShouldBe(new NoteTaken("1"));
    }

    [Fact]
    public async Task A_listener_of_measurements_that_throws_keeps_no_event_from_its_consumer_and_no_answer_from_counting()
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name is "fluenteventstore.subscription.retries" or "fluenteventstore.subscription.handler.duration")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Refuse(tags));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Refuse(tags));
        listener.Start();
        await _bank.AppendAsync("a", new NoteTaken("1"), new NoteTaken("2"));
        await using var store = _bank.CreateStore();
        await using var subscription = await store.Subscriptions.OpenAsync("notes", new SubscriptionOptions(), Cancellation);
        await using var deliveries = subscription.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        await (await NextAsync(deliveries)).RetryAsync(TimeSpan.Zero, Cancellation);
        var again = await NextAsync(deliveries);
        await again.AckAsync(Cancellation);

        (again.Attempt, again.Event.Data).ShouldBe((2, new NoteTaken("1")));
        (await NextAsync(deliveries)).Event.Data.ShouldBe(new NoteTaken("2"));

        void Refuse(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (_, value) in tags)
            {
                if (Equals(value, _bank.Schema))
                    throw new NotSupportedException("It is bad.");
            }
        }
    }

    private static SubscriptionOptions Slowly() => new()
    {
        Partition = Partition.ByStream,
        CheckpointAfterCount = 100,
        CheckpointAfter = TimeSpan.FromMinutes(1),
    };

    private static async Task<Delivery> NextAsync(IAsyncEnumerator<Delivery> deliveries)
    {
        (await deliveries.MoveNextAsync()).ShouldBeTrue();
        return deliveries.Current;
    }

    private double Sum(string name) => _meter.Sum(_bank.Schema, $"fluenteventstore.subscription.{name}");

    private IReadOnlyList<MeasurementRecorder.Measured> Of(string name) =>
        _meter.Of(_bank.Schema, $"fluenteventstore.subscription.{name}");

    private double? Observe(string subscription, string name)
    {
        _meter.Observe(_bank.Schema, $"fluenteventstore.subscription.{name}");
        return Of(name).LastOrDefault(one => one.Subscription == subscription)?.Value;
    }
}
