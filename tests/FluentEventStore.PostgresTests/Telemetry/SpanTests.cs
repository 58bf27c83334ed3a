using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Telemetry;

public sealed class SpanTests(BankStore bank) : IClassFixture<BankStore>, IDisposable
{
    private readonly StreamId _id = Guid.NewGuid();
    private readonly SpanRecorder _spans = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _spans.Dispose();

    [Fact]
    public async Task A_save_is_a_span_around_that_of_the_driver_and_within_that_of_the_caller()
    {
        var connection = new NpgsqlConnectionStringBuilder(bank.StoreConnectionString);
        using var caller = new Activity("request").Start();
        await bank.AppendAsync(_id, new NoteTaken("a"), new NoteTaken("b"));
        Activity.Current.ShouldBe(caller);

        var save = Within(caller, "save").ShouldHaveSingleItem();
        save.DisplayName.ShouldBe($"save {connection.Database}|{bank.Schema}");
        save.Kind.ShouldBe(ActivityKind.Client);
        save.Status.ShouldBe(ActivityStatusCode.Unset);
        save.Links.ShouldBeEmpty();
        save.TagObjects.ToDictionary().ShouldBe(
            new Dictionary<string, object?>
            {
                ["db.system.name"] = "postgresql",
                ["db.namespace"] = $"{connection.Database}|{bank.Schema}",
                ["db.operation.name"] = "save",
                ["server.address"] = connection.Host,
                ["server.port"] = connection.Port,
                ["fluenteventstore.schema"] = bank.Schema,
                ["fluenteventstore.tenant"] = "default",
                ["fluenteventstore.events"] = 2,
                ["fluenteventstore.streams"] = 1,
            },
            ignoreOrder: true);
        _spans.StatementsWithin(save).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_samplers_need_is_there_when_a_span_begins()
    {
        List<string[]> begun = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == EventStoreTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                if (options.Tags?.Any(tag => tag.Key == EventStoreTelemetry.SchemaTag && Equals(tag.Value, bank.Schema)) ?? false)
                    begun.Add([.. options.Tags.Select(static tag => tag.Key)]);

                return ActivitySamplingResult.None;
            },
        };
        ActivitySource.AddActivityListener(listener);
        await bank.FetchAsync(_id);

        begun.ShouldHaveSingleItem().ShouldBe(
            ["db.system.name", "db.namespace", "server.address", "server.port", "fluenteventstore.schema"]);
    }

    [Fact]
    public async Task A_fetch_is_a_span_that_says_what_was_found()
    {
        await bank.AppendAsync(_id, new ItemsAdded(["a"]), new ItemsAdded(["b"]), new ItemsAdded(["c"]));
        using var caller = new Activity("request").Start();
        await using var session = bank.Store.OpenSession("default");
        await session.Events.FetchStreamAsync(_id, Cancellation);
        (await session.Events.AggregateStreamAsync<Basket>(_id, Cancellation))!.Items.Count.ShouldBe(3);
        await session.Events.FetchForWritingAsync<Basket>(_id, Cancellation);
        await session.LoadManyAsync<Customer>([Guid.NewGuid()], Cancellation);
        await session.Events.FetchEventAsync(Guid.NewGuid(), Cancellation);

        var fetches = Within(caller, "fetch");
        fetches.Select(static fetch => (
                fetch.GetTagItem(EventStoreTelemetry.EventsTag),
                fetch.GetTagItem(EventStoreTelemetry.ReplayedEventsTag),
                fetch.GetTagItem(EventStoreTelemetry.DocumentsTag)))
            .ShouldBe([(3, null, null), (null, 3, null), (null, 3, null), (null, null, 0), (0, null, null)]);
        fetches.ShouldAllBe(fetch => _spans.StatementsWithin(fetch).Count == 1);
    }

    [Fact]
    public async Task Each_page_that_is_read_is_a_span_and_none_is_open_while_the_caller_has_its_events()
    {
        const int events = 7;
        await using var store = bank.CreateStore(
            static options => options.PageBounds = options.PageBounds with { StreamEvents = 3, LogEvents = 3 });
        await bank.AppendAsync(_id, [.. Enumerable.Range(0, events).Select(static number => new NoteTaken($"{number}"))]);
        await using var session = store.OpenQuerySession();
        using var caller = new Activity("request").Start();
        var count = 0;
        await foreach (var _ in session.Events.ReadStreamAsync(_id, Cancellation))
        {
            Activity.Current.ShouldBe(caller);
            count++;
        }

        count.ShouldBe(events);
        Pages(caller).ShouldBe([3, 3, 1]);

        caller.Stop();
        using var other = new Activity("request").Start();
        await foreach (var _ in session.Events.ReadAllAsync(new LogRange(), new EventFilter().OfStream(_id), Cancellation))
            Activity.Current.ShouldBe(other);

        Pages(other).Sum().ShouldBe(events);
        Pages(other).Count.ShouldBeGreaterThan(2);
        Within(other, "read").ShouldAllBe(read => _spans.StatementsWithin(read).Count > 0);
    }

    [Fact]
    public async Task A_refused_unit_says_why_and_nothing_of_what_it_holds()
    {
        await bank.AppendAsync(_id, new NoteTaken("a"));
        using var caller = new Activity("request").Start();
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, ExpectedVersion.Exactly(7), new NoteTaken("secret"));
        await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync(Cancellation));

        var save = Within(caller, "save").ShouldHaveSingleItem();
        save.Status.ShouldBe(ActivityStatusCode.Error);
        save.StatusDescription.ShouldBeNull();
        save.GetTagItem("error.type").ShouldBe("FluentEventStore.StreamVersionConflictException");
        save.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_server_refuses_is_an_error_with_its_SQLSTATE()
    {
        await bank.ExecuteAsync(
            "alter table {schema}.events add constraint no_poison check (data->>'text' is distinct from 'poison') not valid");
        using var caller = new Activity("request").Start();
        await Should.ThrowAsync<PostgresException>(() => bank.AppendAsync(_id, new NoteTaken("poison")));

        var save = Within(caller, "save").ShouldHaveSingleItem();
        save.GetTagItem("error.type").ShouldBe("23514");
        save.GetTagItem("db.response.status_code").ShouldBe("23514");
    }

    [Fact]
    public async Task A_cancelled_save_is_an_error()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        using var caller = new Activity("request").Start();
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        await Should.ThrowAsync<OperationCanceledException>(() => session.SaveChangesAsync(cancellation.Token));

        var save = Within(caller, "save").ShouldHaveSingleItem();
        (save.Status, save.GetTagItem("error.type")).ShouldBe((ActivityStatusCode.Error, "System.OperationCanceledException"));
        await session.SaveChangesAsync(Cancellation);
        (await bank.FetchAsync(_id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_session_without_changes_makes_no_span()
    {
        using var caller = new Activity("request").Start();
        await using var session = bank.Store.OpenSession();
        await session.SaveChangesAsync(Cancellation);

        Within(caller, "save").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_unit_that_somebody_else_has_saved_says_so()
    {
        var eventId = Guid.NewGuid();
        using var caller = new Activity("request").Start();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await using var session = bank.Store.OpenSession();
            session.Events.Append(_id, new NoteTaken("a")).WithEventId(eventId);
            await session.SaveChangesAsync(Cancellation);
        }

        Within(caller, "save").Select(static save => save.GetTagItem(EventStoreTelemetry.SavedBeforeTag)).ShouldBe([null, true]);
    }

    [Fact]
    public async Task A_tenant_with_a_database_of_its_own_is_named_with_it_once_it_is_known()
    {
        await using var store = EventStore.For(options =>
        {
            options.TenantDatabases(TenantDatabases.Static(new Dictionary<TenantId, string> { ["a"] = bank.ConnectionString }));
            options.Schema = bank.Schema;
        });
        using var caller = new Activity("request").Start();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await using var session = store.OpenQuerySession("a");
            await session.Events.FetchStreamAsync(_id, Cancellation);
        }

        var database = new NpgsqlConnectionStringBuilder(bank.ConnectionString).Database;
        Within(caller, "fetch").Select(static fetch => fetch.GetTagItem("db.namespace")).ShouldBe(
            [bank.Schema, $"{database}|{bank.Schema}"]);
        Within(caller, "fetch").ShouldAllBe(static fetch => Equals(fetch.GetTagItem(EventStoreTelemetry.TenantTag), "a"));
    }

    [Fact]
    public async Task A_listener_that_throws_keeps_no_unit_from_being_saved_and_no_session_from_going_on()
    {
        var shouldThrow = new AsyncLocal<bool>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == EventStoreTelemetry.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => ThrowIf(shouldThrow.Value),
            ActivityStopped = _ => ThrowIf(shouldThrow.Value),
        };
        ActivitySource.AddActivityListener(listener);
        shouldThrow.Value = true;
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        await session.SaveChangesAsync(Cancellation);
        session.Events.Append(_id, new NoteTaken("b"));
        await session.SaveChangesAsync(Cancellation);
        shouldThrow.Value = false;

        (await bank.FetchAsync(_id)).Count.ShouldBe(2);

        static void ThrowIf(bool shouldThrow)
        {
            if (shouldThrow)
                throw new InvalidOperationException("A listener is broken.");
        }
    }

    [Fact]
    public async Task Followers_and_the_look_at_the_settled_position_carry_nothing_of_a_caller()
    {
        await using var store = bank.CreateStore();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var caller = new Activity("request").Start();
        await using var followed = store.Log.FollowAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        var next = followed.MoveNextAsync();
        await bank.AppendAsync(_id, new NoteTaken("a"));
        await next;

        var looks = _spans.DriverNaming(bank.Schema)
            .Where(static span => ((string)span.GetTagItem("db.query.text")!).Contains("settle", StringComparison.Ordinal))
            .ToList();
        looks.ShouldNotBeEmpty();
        looks.ShouldAllBe(static look => look.ParentId == null);
    }

    private List<int> Pages(Activity caller) =>
        [.. Within(caller, "read").Select(static read => read.GetTagItem(EventStoreTelemetry.EventsTag)).OfType<int>()];

    private IReadOnlyList<Activity> Within(Activity caller, string operation) =>
        [.. _spans.Of(bank.Schema, operation).Where(span => span.TraceId == caller.TraceId)];
}
