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
        _spans.StatementsWithin(commit).ShouldHaveSingleItem();

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
        _spans.StatementsWithin(commit).ShouldHaveSingleItem();
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
    public async Task A_unit_that_waits_in_the_database_for_a_locked_stream_has_its_commit_within_its_save()
    {
        StreamId first = $"{_id}-first";
        await _bank.AppendAsync(first, new NoteTaken("a"));
        await _bank.AppendAsync(_id, new NoteTaken("a"));
        var hold = await _bank.HoldAsync(_id);
        Task[] saving;
        await using (await _bank.HoldAsync(first))
            saving = [SaveAsync(first), SaveAsync(_id), SaveAsync($"{_id}-free")];

        await saving[2];
        await hold.DisposeAsync();
        await Task.WhenAll(saving);

        // Both in one statement, which met the lock; then each by itself.
        var commits = _spans.Of(_bank.Schema, "commit");
        var (failed, others) = (commits[0], commits.Skip(1).ToList());
        failed.GetTagItem("error.type").ShouldBe(PostgresErrorCodes.LockNotAvailable);
        failed.GetTagItem(EventStoreTelemetry.UnitsTag).ShouldBe(2);
        others.Count.ShouldBe(2);
        others.ShouldAllBe(static commit => commit.Status == ActivityStatusCode.Unset);
        others.Select(static commit => commit.ParentSpanId).ShouldBe(
            failed.Links.Select(static link => link.Context.SpanId), ignoreOrder: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Spans_and_measurements_of_many_writers_tell_each_unit_once(bool areCancelled)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        await using var store = _bank.CreateStore();
        using var meter = new MeasurementRecorder();
        var writers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(writer => Task.Run(() => new Writer(store, _id, seed + writer, areCancelled).RunAsync())));

        var saved = writers.Sum(static writer => writer.Units);
        var events = writers.Sum(static writer => writer.Events);
        var failures = writers.SelectMany(static writer => writer.Failures)
            .CountBy(static failure =>
                (failure is OperationCanceledException ? typeof(OperationCanceledException) : failure.GetType()).FullName!)
            .ToDictionary();
        var saves = _spans.Of(_bank.Schema, "save");
        saves.Count.ShouldBe(saved + failures.Values.Sum());
        saves.Select(static save => save.SpanId).ShouldBeUnique();
        saves.Where(static save => save.Status == ActivityStatusCode.Error)
            .CountBy(static save => (string)save.GetTagItem(EventStoreTelemetry.ErrorTypeTag)!)
            .ToDictionary()
            .ShouldBe(failures, ignoreOrder: true);
        var done = saves.Where(static save => save.Status == ActivityStatusCode.Unset).ToList();
        done.Sum(static save => (int)save.GetTagItem(EventStoreTelemetry.EventsTag)!).ShouldBe(events);

        // Each unit that is written went one way: with others, alone in a lane, or in the flow of its session.
        var commits = _spans.Of(_bank.Schema, "commit").Where(static commit => commit.Status == ActivityStatusCode.Unset).ToList();
        var together = commits.Where(static commit => commit.ParentId is null).ToList();
        together.ShouldNotBeEmpty();
        together.ShouldAllBe(static commit => commit.Links.Count() == (int)commit.GetTagItem(EventStoreTelemetry.UnitsTag)!);
        var ways = together.SelectMany(static commit => commit.Links)
            .Select(static link => link.Context.SpanId)
            .Concat(commits.Except(together).Select(static commit => commit.ParentSpanId))
            .Concat(done.Where(IsWrittenInItsFlow).Select(static save => save.SpanId))
            .CountBy(static span => span)
            .ToDictionary();
        done.Where(save => ways.GetValueOrDefault(save.SpanId) != 1).ShouldBeEmpty();

        meter.Sum(_bank.Schema, "fluenteventstore.units.saved").ShouldBe(saved);
        meter.Sum(_bank.Schema, "fluenteventstore.events.appended").ShouldBe(events);
        meter.Of(_bank.Schema, "fluenteventstore.units.failed")
            .CountBy(static one => one.ErrorType!)
            .ToDictionary()
            .ShouldBe(failures, ignoreOrder: true);
        meter.Sum(_bank.Schema, "fluenteventstore.conflicts").ShouldBe(
            failures.GetValueOrDefault(typeof(StreamVersionConflictException).FullName!));
        meter.Of(_bank.Schema, "fluenteventstore.save.duration").Count.ShouldBe(saves.Count);
        (await _bank.ExecuteAsync("select count(*) from {schema}.events where data->>'text' = 'of a writer'")).ShouldBe((long)events);

        bool IsWrittenInItsFlow(Activity save) =>
            _spans.StatementsWithin(save).Any(static statement => statement.Status != ActivityStatusCode.Error);
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

    private async Task SaveAsync(StreamId id)
    {
        await using var session = _store.OpenSession();
        session.Events.Append(id, new NoteTaken("b"));
        await session.SaveChangesAsync(Cancellation);
    }

    /// <summary>Saves units to a few streams and keeps count of what it was told.</summary>
    private sealed class Writer(EventStore store, StreamId id, int seed, bool isCancelled)
    {
        private readonly Random _random = new(seed);

        public int Units { get; private set; }

        public int Events { get; private set; }

        public List<Exception> Failures { get; } = [];

        public async Task<Writer> RunAsync()
        {
            for (var round = 0; round < LongForm.Of(30, 300); round++)
            {
                var count = _random.Next(1, 4);
                await using var session = store.OpenSession();
                session.Events.Append(
                    $"{id}-{_random.Next(8)}",
                    _random.Next(5) == 0 ? ExpectedVersion.Exactly(1_000_000) : ExpectedVersion.Any,
                    [.. Enumerable.Range(0, count).Select(static number => (object)new NoteTaken("of a writer", number))]);
                using var cancellation = new CancellationTokenSource();
                if (isCancelled && _random.Next(3) == 0)
                    cancellation.CancelAfter(TimeSpan.FromMilliseconds(_random.Next(6)));

                if (await TrySaveAsync(session, cancellation.Token))
                    (Units, Events) = (Units + 1, Events + count);
            }

            return this;
        }

        private async Task<bool> TrySaveAsync(IDocumentSession session, CancellationToken cancellationToken)
        {
            try
            {
                await session.SaveChangesAsync(cancellationToken);
                return true;
            }
            catch (Exception failure) when (failure is StreamVersionConflictException or OperationCanceledException)
            {
                Failures.Add(failure);
                return false;
            }
            catch (CommitOutcomeUnknownException unknown)
            {
                // Saved again until it is known, so that what is written is what is counted.
                Failures.Add(unknown);
                return await TrySaveAsync(session, Cancellation);
            }
        }
    }
}
