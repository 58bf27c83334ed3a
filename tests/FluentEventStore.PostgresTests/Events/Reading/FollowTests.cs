using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Events.Ordering;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>Following the log to its end and beyond, each test in a store of its own.</summary>
public sealed class FollowTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IEventLog Log => _bank.Store.Log;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task Existing_events_come_first_and_then_those_that_are_committed_later()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"), new NoteTaken("b"));
        await using var following = Log.FollowAsync(cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);

        (await NextAsync(following)).ShouldBe("a");
        (await NextAsync(following)).ShouldBe("b");
        var next = following.MoveNextAsync().AsTask();
        await _bank.AppendAsync("s", new NoteTaken("c"));
        (await next).ShouldBeTrue();
        Text(following.Current).ShouldBe("c");
    }

    [Fact]
    public async Task Following_begins_after_a_position()
    {
        var commit = await _bank.AppendAsync("s", new NoteTaken("a"), new NoteTaken("b"));
        await _bank.AppendAsync("s", new NoteTaken("c"));

        await using var following = Log.FollowAsync(new LogStart { After = commit.Position }, Cancelled).GetAsyncEnumerator(Cancelled);

        (await NextAsync(following)).ShouldBe("c");
    }

    [Fact]
    public async Task Following_reads_all_tenants_unless_the_filter_names_some()
    {
        foreach (var tenant in (string[])["red", "blue", "default"])
        {
            await using var session = _bank.Store.OpenSession(tenant);
            session.Events.Append("s", new NoteTaken(tenant));
            await session.SaveChangesAsync(Cancelled);
        }

        (await TakeAsync(3)).Select(static e => e.TenantId.Value).ShouldBe(["red", "blue", "default"]);
        (await TakeAsync(1, new EventFilter().OfTenants("blue"))).Single().TenantId.Value.ShouldBe("blue");
    }

    [Fact]
    public async Task Events_that_the_filter_excludes_are_skipped_and_not_read_again()
    {
        await _bank.AppendAsync("s", [.. Enumerable.Range(0, 2500).Select(static index => new NoteTaken($"{index}"))]);
        await _bank.AppendAsync("other-1", new NoteTaken("x"));
        await using var following = Log.FollowAsync(new EventFilter().OfStreams("other-"), Cancelled).GetAsyncEnumerator(Cancelled);
        (await NextAsync(following)).ShouldBe("x");
        var next = following.MoveNextAsync().AsTask();
        await _bank.AppendAsync("s", new NoteTaken("y"));
        await _bank.AppendAsync("other-2", new NoteTaken("z"));

        (await next).ShouldBeTrue();
        Text(following.Current).ShouldBe("z");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_event_comes_whether_its_stream_is_archived_or_deleted_when_it_is_passed_or_not(int state)
    {
        await _bank.AppendAsync("hidden", new NoteTaken("a"));
        await _bank.AppendAsync("active", new NoteTaken("b"));
        await _bank.TamperAsync($"update {{schema}}.streams set state = {state} where id = 'hidden'");

        (await TakeAsync(2)).Select(Text).ShouldBe(["a", "b"]);
        (await TakeAsync(1, new EventFilter().OnlyActive())).Select(Text).ShouldBe(["b"]);
        (await TakeAsync(2, new EventFilter().OnlyActive().IncludeDeleted())).Select(Text).ShouldBe(["a", "b"]);
        (await TakeAsync(1, new EventFilter().OnlyActive().IncludeArchived())).Select(Text).ShouldBe([state == 1 ? "a" : "b"]);
    }

    [Fact]
    public async Task A_closing_event_that_is_archived_in_its_own_unit_comes()
    {
        await using var following = Log.FollowAsync(cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);
        await using var session = _bank.Store.OpenSession();
        session.Events.Append("s", new NoteTaken("opened"));
        await session.SaveChangesAsync(Cancelled);
        session.Events.Append("s", new NoteTaken("closed"));
        session.Events.ArchiveStream("s");
        await session.SaveChangesAsync(Cancelled);

        (await NextAsync(following)).ShouldBe("opened");
        (await NextAsync(following)).ShouldBe("closed");
    }

    [Fact]
    public async Task Truncated_events_do_not_come_since_they_never_come_back()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"), new NoteTaken("b"));
        await using var session = _bank.Store.OpenSession();
        session.Events.TruncateStream("s", 2);
        await session.SaveChangesAsync(Cancelled);

        (await TakeAsync(1)).Select(Text).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Following_ends_when_it_is_cancelled_and_when_the_store_is_disposed()
    {
        using var giving = new CancellationTokenSource();
        await using var store = _bank.CreateStore();
        var cancelled = store.Log.FollowAsync(cancellationToken: giving.Token).ToListAsync(Cancelled).AsTask();
        var disposed = store.Log.FollowAsync(cancellationToken: Cancelled).ToListAsync(Cancelled).AsTask();
        await giving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);

        await store.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => disposed);
    }

    [Fact]
    public async Task A_position_beyond_the_log_belongs_to_another_log()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"));

        var refused = await Should.ThrowAsync<OrderingNotGuaranteedException>(() => TakeAsync(1, after: 1000));

        refused.Check.ShouldBe("the last position of the log");
        refused.Actual.ShouldBe("1");
        Should.Throw<ArgumentOutOfRangeException>(() => Log.FollowAsync(new LogStart { After = -1 }));
    }

    [Fact]
    public async Task An_event_of_an_unknown_type_is_reported_and_following_can_go_on_behind_it()
    {
        var commit = await _bank.AppendAsync("s", new NoteTaken("a"));
        await _bank.AppendAsync("s", new NoteTaken("b"));
        await _bank.TamperAsync($$"""update {schema}.events set type = 'gone' where position = {{commit.Position}}""");

        var unknown = await Should.ThrowAsync<UnknownEventTypeException>(() => TakeAsync(1));

        unknown.Position.ShouldBe(commit.Position);
        (await TakeAsync(1, after: commit.Position)).Select(Text).ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_lost_connection_ends_following_which_can_go_on_after_the_last_event()
    {
        await using var store = _bank.CreateStore(
            options => options.Connection($"{_bank.ConnectionString};Application Name={_bank.Schema}"));
        await _bank.AppendAsync("s", new NoteTaken("a"));
        await using var following = store.Log.FollowAsync(cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);
        (await NextAsync(following)).ShouldBe("a");
        var last = following.Current.Position;
        var next = following.MoveNextAsync().AsTask();

        // It is lost in the middle of a query: a lock holds up who looks for the event at a position that was drawn.
        await using (var holder = new NpgsqlConnection(_bank.ConnectionString))
        {
            await holder.OpenAsync(Cancelled);
            await using var transaction = await holder.BeginTransactionAsync(Cancelled);
            await using var hold = new NpgsqlCommand(
                $"lock table {_bank.Schema}.events; select nextval('{_bank.Schema}.positions')", holder, transaction);
            await hold.ExecuteNonQueryAsync(Cancelled);
            await Eventually.BecomesTrueAsync(
                async () => await _bank.ExecuteAsync(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                        + $"where application_name = '{_bank.Schema}' and wait_event_type = 'Lock'") is true,
                "the query is held up");
            await Should.ThrowAsync<NpgsqlException>(() => next);
        }

        await _bank.AppendAsync("s", new NoteTaken("b"));
        await using var again = store.Log.FollowAsync(new LogStart { After = last }, Cancelled).GetAsyncEnumerator(Cancelled);
        (await NextAsync(again)).ShouldBe("b");
    }

    [Fact]
    public async Task A_unit_that_is_found_to_be_committed_already_wakes_those_who_follow()
    {
        var clock = new StandingClock();
        await using var store = _bank.CreateStore(options => options.WaitClock = clock);
        await using var following = store.Log.FollowAsync(cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);
        var next = NextAsync(following);
        await clock.Paused;

        // The first attempt is committed by another store, as if its answer had been lost.
        var id = Guid.CreateVersion7();
        foreach (var attempt in (EventStore[])[_bank.Store, store])
        {
            await using var session = attempt.OpenSession();
            session.Events.Append("s", new NoteTaken("a")).WithEventId(id);
            await session.SaveChangesAsync(Cancelled);
        }

        (await next.WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBe("a");
    }

    [Fact]
    public async Task An_import_wakes_those_who_follow()
    {
        var clock = new StandingClock();
        await using var store = _bank.CreateStore(options => options.WaitClock = clock);
        await using var following = store.Log.FollowAsync(cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);
        var next = NextAsync(following);
        await clock.Paused;

        await store.Transfer.ImportAsync(
            new[] { new ImportedEvent("s", 1, new NoteTaken("a")) { Timestamp = DateTimeOffset.UtcNow } }.ToAsyncEnumerable(),
            cancellationToken: Cancelled);

        (await next.WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBe("a");
    }

    private static string Text(IEvent e) => ((NoteTaken)e.Data).Text;

    private static async Task<string> NextAsync(IAsyncEnumerator<IEvent> following)
    {
        (await following.MoveNextAsync()).ShouldBeTrue();
        return Text(following.Current);
    }

    private Task<List<IEvent>> TakeAsync(int count, EventFilter? filter = null, long after = 0) =>
        Log.FollowAsync(new LogStart { After = after }, filter ?? new EventFilter(), Cancelled).Take(count).ToListAsync(Cancelled).AsTask();
}
