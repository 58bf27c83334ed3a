using System.Runtime.CompilerServices;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Telemetry;

/// <summary>A schema for each test: measurements are told apart by it.</summary>
public sealed class MeasurementTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);
    private readonly StreamId _id = Guid.NewGuid();
    private readonly MeasurementRecorder _meter = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _bank.DisposeAsync();
    }

    [Fact]
    public async Task Failures_are_counted_by_what_they_are()
    {
        await _bank.AppendAsync(_id, new NoteTaken("a"));
        await SaveAsync<StreamVersionConflictException>(
            session => session.Events.Append(_id, ExpectedVersion.Exactly(9), new NoteTaken("b")));
        await SaveAsync<StreamAlreadyExistsException>(session => session.Events.StartStream(_id, new NoteTaken("b")));
        await SaveAsync<DocumentNotFoundException>(static session => session.Update(new Customer { Id = Guid.NewGuid(), Name = "Ada" }));
        await SaveAsync<DocumentConflictException>(static session => session.Update(new Customer { Id = Guid.NewGuid(), Name = "Ada" }, 3));

        _meter.Of(_bank.Schema, "fluenteventstore.units.failed").Select(static one => one.ErrorType).ShouldBe(
            [
                "FluentEventStore.StreamVersionConflictException",
                "FluentEventStore.StreamAlreadyExistsException",
                "FluentEventStore.DocumentNotFoundException",
                "FluentEventStore.DocumentConflictException",
            ]);
        _meter.Of(_bank.Schema, "fluenteventstore.conflicts").Select(static one => one.ErrorType).ShouldBe(
            [
                "FluentEventStore.StreamVersionConflictException",
                "FluentEventStore.StreamAlreadyExistsException",
                "FluentEventStore.DocumentConflictException",
            ]);
        _meter.Sum(_bank.Schema, "fluenteventstore.units.saved").ShouldBe(1);
    }

    [Fact]
    public async Task A_decision_that_is_made_again_is_a_retry_and_a_conflict_and_is_saved_once()
    {
        var interferes = true;
        await _bank.Store.ExecuteAsync<Basket>(
            _id,
            async (_, token) =>
            {
                if (interferes)
                    await _bank.AppendAsync(_id, new ItemsAdded(["other"]));

                interferes = false;
                return [new ItemsAdded(["own"])];
            },
            Cancellation);

        _meter.Of(_bank.Schema, "fluenteventstore.retries").Select(static one => (one.Value, one.ErrorType)).ShouldBe(
            [(1, "FluentEventStore.StreamVersionConflictException")]);
        _meter.Sum(_bank.Schema, "fluenteventstore.conflicts").ShouldBe(1);
        _meter.Sum(_bank.Schema, "fluenteventstore.units.saved").ShouldBe(2);
        _meter.Of(_bank.Schema, "fluenteventstore.fetch.replayed_events").Select(static one => one.Value).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task A_unit_that_somebody_else_has_saved_is_not_counted_again()
    {
        var eventId = Guid.NewGuid();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await using var session = _bank.Store.OpenSession();
            session.Events.Append(_id, new NoteTaken("a")).WithEventId(eventId);
            await session.SaveChangesAsync(Cancellation);
        }

        _meter.Sum(_bank.Schema, "fluenteventstore.units.saved").ShouldBe(1);
        _meter.Sum(_bank.Schema, "fluenteventstore.events.appended").ShouldBe(1);
        _meter.Of(_bank.Schema, "fluenteventstore.save.duration").Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_unit_whose_outcome_was_unknown_is_counted_when_it_is_known()
    {
        await using var proxy = new TcpProxy(_bank.ConnectionString);
        await using var store = _bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"), new NoteTaken("b"));
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Cancellation));
        _meter.Sum(_bank.Schema, "fluenteventstore.units.saved").ShouldBe(1);
        await session.SaveChangesAsync(Cancellation);

        _meter.Sum(_bank.Schema, "fluenteventstore.units.saved").ShouldBe(2);
        _meter.Sum(_bank.Schema, "fluenteventstore.events.appended").ShouldBe(3);
        _meter.Of(_bank.Schema, "fluenteventstore.units.failed").ShouldHaveSingleItem().ErrorType.ShouldBe(
            "FluentEventStore.CommitOutcomeUnknownException");
    }

    [Fact]
    public async Task A_unit_that_is_saved_until_its_outcome_is_known_is_a_retry_and_is_counted_once()
    {
        await using var proxy = new TcpProxy(_bank.ConnectionString);
        await using var store = _bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await session.SaveChangesUntilKnownAsync(TimeSpan.FromSeconds(60), Cancellation);

        var retries = _meter.Of(_bank.Schema, "fluenteventstore.retries").Select(static one => one.ErrorType).ToList();
        retries.ShouldNotBeEmpty();
        retries[0].ShouldBe("FluentEventStore.CommitOutcomeUnknownException");
        _meter.Sum(_bank.Schema, "fluenteventstore.units.saved").ShouldBe(2);
        _meter.Sum(_bank.Schema, "fluenteventstore.events.appended").ShouldBe(2);
        _meter.Of(_bank.Schema, "fluenteventstore.units.failed").ShouldBeEmpty();
        _meter.Of(_bank.Schema, "fluenteventstore.save.duration").Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_seed_is_a_unit_that_is_saved_once()
    {
        await SeedAsync();
        await SeedAsync();

        _meter.Sum(_bank.Schema, "fluenteventstore.units.saved").ShouldBe(1);
        _meter.Sum(_bank.Schema, "fluenteventstore.events.appended").ShouldBe(1);

        Task SeedAsync() => _bank.Store.SeedAsync(
            "notes",
            (session, _) =>
            {
                session.Events.Append(_id, new NoteTaken("a"));
                return Task.CompletedTask;
            },
            Cancellation);
    }

    [Fact]
    public async Task Units_that_wait_for_a_lane_and_for_a_locked_stream_are_observed()
    {
        await _bank.AppendAsync(_id, new NoteTaken("a"));
        _meter.Observe(_bank.Schema, "fluenteventstore.lanes.busy").ShouldBe(0);
        await using var hold = await _bank.HoldAsync(_id);
        var saving = Enumerable.Range(0, 8).Select(_ => _bank.AppendAsync(_id, new NoteTaken("b"))).ToArray();
        await Eventually.BecomesTrueAsync(
            () => Task.FromResult(_meter.Observe(_bank.Schema, "fluenteventstore.lanes.blocked_units") >= 7), "units wait for the stream");
        await hold.DisposeAsync();
        await Task.WhenAll(saving);

        await Eventually.BecomesTrueAsync(
            () => Task.FromResult(
                (_meter.Observe(_bank.Schema, "fluenteventstore.lanes.busy"),
                    _meter.Observe(_bank.Schema, "fluenteventstore.lanes.waiting_units"),
                    _meter.Observe(_bank.Schema, "fluenteventstore.lanes.blocked_units")) == (0, 0, 0)),
            "nobody waits any more");
    }

    [Fact]
    public async Task What_holds_readers_back_is_observed_without_a_look_at_the_database()
    {
        _meter.Observe(_bank.Schema, "fluenteventstore.log.lag").ShouldBeNull();
        await using var proxy = new TcpProxy(_bank.ConnectionString);
        await using var reading = _bank.CreateStore(options => options.Connection(proxy.ConnectionString));
        await using var connection = new NpgsqlConnection(_bank.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await using var session = _bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
            session.Events.Append(_id, new NoteTaken("a"));
            await session.SaveChangesAsync(Cancellation);
            await _bank.AppendAsync($"{_id}-other", new NoteTaken("b"), new NoteTaken("c"));
            await reading.Log.StatusAsync(Cancellation);

            var before = proxy.RoundTrips;
            _meter.Observe(_bank.Schema, "fluenteventstore.log.lag").ShouldBe(3);
            _meter.Observe(_bank.Schema, "fluenteventstore.log.held_back").ShouldNotBeNull().ShouldBeGreaterThan(0);
            proxy.RoundTrips.ShouldBe(before);
            await transaction.RollbackAsync(Cancellation);
        }

        await reading.Log.StatusAsync(Cancellation);
        _meter.Observe(_bank.Schema, "fluenteventstore.log.lag").ShouldBe(0);
        _meter.Observe(_bank.Schema, "fluenteventstore.log.held_back").ShouldBe(0);
    }

    [Fact]
    public async Task Stores_of_one_schema_are_observed_together_and_disposed_ones_not_at_all()
    {
        var other = _bank.CreateStore();
        _meter.Observe(_bank.Schema, "fluenteventstore.lanes.busy").ShouldBe(0);
        await other.DisposeAsync();
        await _bank.Store.DisposeAsync();

        _meter.Observe(_bank.Schema, "fluenteventstore.lanes.busy").ShouldBeNull();
    }

    [Fact]
    public void Instruments_do_not_keep_a_store_that_nobody_holds_any_more()
    {
        var store = CreateAndForget();
        for (var attempt = 0; attempt < 20 && store.IsAlive; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        store.IsAlive.ShouldBeFalse();

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference CreateAndForget() => new(_bank.CreateStore());
    }

    private async Task SaveAsync<TFailure>(Action<IDocumentSession> change)
        where TFailure : Exception
    {
        await using var session = _bank.Store.OpenSession();
        change(session);
        await Should.ThrowAsync<TFailure>(() => session.SaveChangesAsync(Cancellation));
    }
}
