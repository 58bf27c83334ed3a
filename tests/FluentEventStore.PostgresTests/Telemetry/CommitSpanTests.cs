using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Telemetry;

/// <summary>A schema for each test: links are counted over all spans of it.</summary>
public sealed class CommitSpanTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);
    private readonly StreamId _id = Guid.NewGuid();
    private readonly FakeTimeProvider _clock = new();
    private EventStore _store = null!;
    private SpanRecorder _spans = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // One lane, and a clock that stands still: while the first unit waits for a lock that the test holds, all others wait for the lane.
    public async ValueTask InitializeAsync()
    {
        await _bank.InitializeAsync();
        _store = _bank.CreateStore(options =>
        {
            options.WaitClock = _clock;
            options.CommandTimeout = Eventually.HangGuard;
            options.Events.GroupCommit.Lanes = 1;
        });
        await BankStore.WriteOnceAsync(_store);
        _spans = new SpanRecorder();
    }

    public async ValueTask DisposeAsync()
    {
        _spans.Dispose();
        await _store.DisposeAsync();
        await _bank.DisposeAsync();
    }

    [Fact]
    public async Task A_combined_commit_is_a_trace_of_its_own_and_linked_with_the_saves_that_it_carries()
    {
        await SaveBehindTheLaneAsync(units: 3);

        var commit = _spans.Of(_bank.Schema, "commit").ShouldHaveSingleItem();
        commit.ParentId.ShouldBeNull();
        commit.Kind.ShouldBe(ActivityKind.Client);
        commit.GetTagItem(EventStoreTelemetry.UnitsTag).ShouldBe(3);
        commit.GetTagItem(EventStoreTelemetry.EventsTag).ShouldBe(6);
        commit.GetTagItem(EventStoreTelemetry.StreamsTag).ShouldBe(3);
        commit.GetTagItem("db.operation.batch.size").ShouldBe(3);
        commit.GetTagItem(EventStoreTelemetry.TenantTag).ShouldBeNull();
        _spans.DriverWithin(commit).ShouldHaveSingleItem();

        var saves = _spans.Of(_bank.Schema, "save").Where(static save => save.Links.Any()).ToList();
        saves.Count.ShouldBe(3);
        saves.ShouldAllBe(save => save.TraceId != commit.TraceId);
        saves.ShouldAllBe(save => save.Links.Single().Context.SpanId == commit.SpanId);
        commit.Links.Select(static link => link.Context.SpanId).ShouldBe(saves.Select(static save => save.SpanId), ignoreOrder: true);
    }

    [Fact]
    public async Task A_unit_that_a_lane_sends_alone_has_its_commit_within_its_save()
    {
        await SaveBehindTheLaneAsync(units: 1);

        var commit = _spans.Of(_bank.Schema, "commit").ShouldHaveSingleItem();
        var save = _spans.Of(_bank.Schema, "save").Single(save => save.SpanId == commit.ParentSpanId);
        save.TraceId.ShouldBe(commit.TraceId);
        save.Links.ShouldBeEmpty();
        commit.Links.ShouldBeEmpty();
        commit.GetTagItem(EventStoreTelemetry.UnitsTag).ShouldBe(1);
        commit.GetTagItem("db.operation.batch.size").ShouldBeNull();
        _spans.DriverWithin(commit).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_statement_that_fails_as_a_whole_is_an_error_and_what_is_sent_again_is_another_span()
    {
        await _bank.ExecuteAsync(
            "alter table {schema}.events add constraint no_poison check (data->>'text' is distinct from 'poison') not valid");
        var outcomes = await SaveBehindTheLaneAsync(units: 4, number => number == 2 ? "poison" : "fine");

        outcomes.Count(static outcome => outcome is PostgresException).ShouldBe(1);
        var commits = _spans.Of(_bank.Schema, "commit");
        var failed = commits.Where(static commit => commit.Status == ActivityStatusCode.Error).ToList();
        failed.Select(static commit => commit.GetTagItem(EventStoreTelemetry.UnitsTag)).ShouldBe([4, 2, 1]);
        failed.ShouldAllBe(static commit => Equals(commit.GetTagItem("error.type"), PostgresErrorCodes.CheckViolation));
        commits.Except(failed).Sum(static commit => (int)commit.GetTagItem(EventStoreTelemetry.UnitsTag)!).ShouldBe(3);
    }

    [Fact]
    public async Task The_spans_of_many_writers_tell_each_unit_once()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        await using var store = _bank.CreateStore();
        using var meter = new MeasurementRecorder();
        var writers = await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(() => WriteAsync(new Random(seed + writer)))));

        var saved = writers.Sum(static writer => writer.Units);
        var events = writers.Sum(static writer => writer.Events);
        var refused = writers.Sum(static writer => writer.Refused);
        var saves = _spans.Of(_bank.Schema, "save");
        saves.Count.ShouldBe(saved + refused);
        saves.Select(static save => save.SpanId).Distinct().Count().ShouldBe(saves.Count);
        saves.Count(static save => save.Status == ActivityStatusCode.Error).ShouldBe(refused);
        saves.Where(static save => save.Status == ActivityStatusCode.Unset)
            .Sum(static save => (int)save.GetTagItem(EventStoreTelemetry.EventsTag)!)
            .ShouldBe(events);

        // Each unit went one way: with others, alone in a lane, or in the flow of its session.
        var commits = _spans.Of(_bank.Schema, "commit");
        commits.ShouldAllBe(static commit => commit.Status == ActivityStatusCode.Unset);
        var together = commits.Where(static commit => commit.Links.Any()).ToList();
        together.ShouldNotBeEmpty();
        together.ShouldAllBe(static commit => commit.ParentId == null);
        var alone = commits.Except(together).Select(static commit => commit.ParentSpanId).ToList();
        var direct = saves.Where(save => _spans.DriverWithin(save).Count > 0).Select(static save => save.SpanId).ToList();
        together.SelectMany(static commit => commit.Links)
            .Select(static link => link.Context.SpanId)
            .Concat(alone)
            .Concat(direct)
            .ShouldBe(saves.Select(static save => save.SpanId), ignoreOrder: true);

        meter.Sum(_bank.Schema, "fluenteventstore.units.saved").ShouldBe(saved);
        meter.Sum(_bank.Schema, "fluenteventstore.events.appended").ShouldBe(events);
        meter.Sum(_bank.Schema, "fluenteventstore.units.failed").ShouldBe(refused);
        meter.Sum(_bank.Schema, "fluenteventstore.conflicts").ShouldBe(refused);
        meter.Of(_bank.Schema, "fluenteventstore.save.duration").Count.ShouldBe(saved + refused);
        meter.Sum(_bank.Schema, "fluenteventstore.commit.units").ShouldBe(saved + refused);
        (await _bank.ExecuteAsync("select count(*) from {schema}.events where type = 'note-taken' and data->>'text' <> 'a'"))
            .ShouldBe((long)events);

        async Task<(int Units, int Events, int Refused)> WriteAsync(Random random)
        {
            var (units, events, refused) = (0, 0, 0);
            for (var round = 0; round < LongForm.Of(30, 300); round++)
            {
                var count = random.Next(1, 4);
                var isRefused = random.Next(5) == 0;
                await using var session = store.OpenSession();
                session.Events.Append(
                    $"{_id}-{random.Next(8)}",
                    isRefused ? ExpectedVersion.Exactly(1_000_000) : ExpectedVersion.Any,
                    [.. Enumerable.Range(0, count).Select(static number => (object)new NoteTaken($"n{number}"))]);
                try
                {
                    await session.SaveChangesAsync(Cancellation);
                    (units, events) = (units + 1, events + count);
                }
                catch (StreamVersionConflictException) when (isRefused)
                {
                    refused++;
                }
            }

            return (units, events, refused);
        }
    }

    [Fact]
    public async Task Lanes_carry_nothing_of_the_caller_that_started_them()
    {
        var ambient = new AsyncLocal<string>();
        using var caller = new Activity("request").Start();
        ambient.Value = "of the caller";
        await SaveBehindTheLaneAsync(units: 5);

        _spans.Of(_bank.Schema, "commit").ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            commit => commit.TraceId.ShouldNotBe(caller.TraceId),
            static commit => commit.Baggage.ShouldBeEmpty());
        Activity.Current.ShouldBe(caller);
    }

    /// <summary>Saves units while the only lane is busy, so that a lane of the store sends them, all together.</summary>
    private async Task<object[]> SaveBehindTheLaneAsync(int units, Func<int, string>? text = null)
    {
        StreamId held = $"held-{Guid.NewGuid()}";
        await _bank.AppendAsync(held, new NoteTaken("a"));
        List<Task<object>> saving = [];
        Task<object> first;
        await using (await _bank.HoldAsync(held))
        {
            first = SaveAsync(held, "first");
            saving.AddRange(Enumerable.Range(0, units).Select(number => SaveAsync($"{_id}-{number}", text?.Invoke(number) ?? "fine")));
        }

        (await first).ShouldBeOfType<Commit>();
        return await Task.WhenAll(saving);

        async Task<object> SaveAsync(StreamId id, string text)
        {
            await using var session = _store.OpenSession();
            session.Events.Append(id, new NoteTaken(text), new NoteTaken("second"));
            try
            {
                return await session.SaveChangesAsync(Cancellation);
            }
            catch (PostgresException failure)
            {
                return failure;
            }
        }
    }
}
