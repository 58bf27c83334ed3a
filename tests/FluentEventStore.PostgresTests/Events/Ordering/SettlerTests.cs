using FluentEventStore.Events;
using FluentEventStore.PostgresTests.Schema;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>Who asks and who waits. The clock stands still unless a test moves it, so that nothing happens by polling.</summary>
public sealed class SettlerTests(PostgresServer server) : IAsyncLifetime
{
    private readonly StoreFixture _store = new(server, settings: "Command Timeout=300");
    private readonly FakeTimeProvider _clock = new();
    private Settler? _settler;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Settler Settler => _settler ??= NewSettler();

    public async ValueTask InitializeAsync() => await _store.Schema.ApplyAsync(Cancelled);

    public async ValueTask DisposeAsync()
    {
        await Settler.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Those_who_ask_at_the_same_time_share_a_query_and_see_what_was_committed_before_they_asked()
    {
        await CountSettlesAsync();
        await Settler.AskAsync(Cancelled);
        await AppendAsync("a");
        await using var gate = await BeginAsync();
        await ExecuteAsync(gate, $"lock table {_store.Name}.gate in access exclusive mode");
        Task<Settled>[] asking = [.. Enumerable.Range(0, 50).Select(_ => Settler.AskAsync(Cancelled))];
        await ExecuteAsync(gate, "commit");

        (await Task.WhenAll(asking)).ShouldAllBe(static settled => settled.Position == 1);
        (await _store.ScalarAsync<long>("select last_value from {s}.settles")).ShouldBe(3, "the first asker's, and one for all others");
    }

    [Fact]
    public async Task An_asker_who_gives_up_leaves_the_others_their_answer()
    {
        await AppendAsync("a");
        using var giving = new CancellationTokenSource();
        var first = Settler.AskAsync(giving.Token);
        var second = Settler.AskAsync(Cancelled);
        await giving.CancelAsync();

        (await second).Position.ShouldBe(1);
        try
        {
            await first;
        }
        catch (OperationCanceledException)
        {
            // It may also have been answered before.
        }
    }

    [Fact]
    public async Task A_waiting_reader_is_woken_at_once_by_a_commit_of_this_process()
    {
        await AppendAsync("a");
        (await Settler.WaitBeyondAsync(0, Cancelled)).ShouldBe(1);
        var waiting = Settler.WaitBeyondAsync(1, Cancelled);
        await UntilAsync(() => Task.FromResult(Settler.IsPausing));
        waiting.IsCompleted.ShouldBeFalse();

        await AppendAsync("b");
        Settler.Signal();

        (await waiting.WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBe(2);
    }

    [Fact]
    public async Task A_commit_of_another_process_is_found_by_polling()
    {
        var waiting = Settler.WaitBeyondAsync(0, Cancelled);
        await UntilAsync(() => Task.FromResult(Settler.IsPausing));
        await AppendAsync("a");
        waiting.IsCompleted.ShouldBeFalse();

        _clock.Advance(PollingPace.Longest);

        (await waiting.WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBe(1);
    }

    [Fact]
    public async Task The_end_of_a_transaction_that_holds_readers_back_wakes_them_without_a_poll()
    {
        await using var slow = await BeginAsync();
        var waiting = await WaitBehindAsync(slow);
        await UntilOneWaitsAsync();

        await ExecuteAsync(slow, "commit");

        (await waiting.WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBe(2);
    }

    [Fact]
    public async Task Writers_do_not_queue_behind_one_who_waits_for_a_transaction()
    {
        await using var slow = await BeginAsync();
        await AppendCall.RunAsync(slow, _store.Name.Name, "slow", ["slow"]);
        await AppendAsync("fast");
        var waiting = Queries().WaitForWritersAsync(0, Cancelled);
        await UntilOneWaitsAsync();

        await AppendAsync("another").WaitAsync(Eventually.HangGuard, Cancelled);

        waiting.IsCompleted.ShouldBeFalse();
        await ExecuteAsync(slow, "commit");
        (await waiting.WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_wait_for_a_transaction_ends_before_the_server_would_look_for_deadlocks()
    {
        await using var slow = await BeginAsync();
        await AppendCall.RunAsync(slow, _store.Name.Name, "slow", ["slow"]);
        var queries = new SettledQueries(Database(), _store.Name);

        (await queries.WaitForWritersAsync(0, Cancelled)).ShouldBeFalse();

        queries.BlockerTimeout.ShouldBeLessThan(
            await _store.ScalarAsync<TimeSpan>(
                "select boot_val::integer * interval '1 ms' from pg_settings where name = 'deadlock_timeout'"));
    }

    [Fact]
    public async Task Many_readers_wait_for_different_positions_and_each_goes_on_when_its_own_is_passed()
    {
        await using var first = await BeginAsync();
        await AppendCall.RunAsync(first, _store.Name.Name, "first", ["a"]);
        await using var second = await BeginAsync();
        await AppendCall.RunAsync(second, _store.Name.Name, "second", ["b"]);
        Task<long>[] waiting = [.. Enumerable.Range(0, 20).Select(position => Settler.WaitBeyondAsync(position / 10, Cancelled))];
        await UntilAsync(() => Task.FromResult(Settler.IsPausing));
        await ExecuteAsync(first, "commit");
        Settler.Signal();
        await Task.WhenAll(waiting[..10]).WaitAsync(Eventually.HangGuard, Cancelled);
        waiting[10..].ShouldAllBe(static task => !task.IsCompleted);

        await ExecuteAsync(second, "commit");
        Settler.Signal();

        (await Task.WhenAll(waiting[10..]).WaitAsync(Eventually.HangGuard, Cancelled)).ShouldAllBe(static settled => settled == 2);
    }

    [Fact]
    public async Task A_reader_that_waits_beyond_the_end_of_the_log_has_read_another_log()
    {
        await AppendAsync("a");

        (await Should.ThrowAsync<OrderingNotGuaranteedException>(() => Settler.WaitBeyondAsync(2, Cancelled))).Actual.ShouldBe("1");
    }

    [Fact]
    public async Task A_waiting_reader_can_give_up_and_learns_when_the_store_is_disposed()
    {
        using var giving = new CancellationTokenSource();
        var first = Settler.WaitBeyondAsync(0, giving.Token);
        var second = Settler.WaitBeyondAsync(0, Cancelled);
        await giving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);

        await Settler.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => second);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Settler.AskAsync(Cancelled));
    }

    [Fact]
    public async Task A_failure_reaches_those_who_wait_and_the_next_ones_try_again()
    {
        await _store.ExecuteAsync("alter function {s}.settle rename to hidden");
        await Should.ThrowAsync<SchemaMismatchException>(() => Settler.WaitBeyondAsync(0, Cancelled));

        await _store.ExecuteAsync("alter function {s}.hidden rename to settle");
        await AppendAsync("a");
        (await Settler.WaitBeyondAsync(0, Cancelled)).ShouldBe(1);
    }

    [Fact]
    public async Task A_reader_that_has_read_beyond_the_end_of_the_log_is_refused_and_all_others_go_on()
    {
        await AppendAsync("a");
        await AppendAsync("b");
        (await Settler.AskAsync(Cancelled)).Position.ShouldBe(2);
        var (behind, beyond) = (Settler.WaitBeyondAsync(1, Cancelled), Settler.WaitBeyondAsync(2, Cancelled));
        (await behind).ShouldBe(2);
        await UntilAsync(() => Task.FromResult(Settler.IsPausing));

        // What a server that took over may show: the last commit and its position are gone.
        await _store.ExecuteAsync(
            "set fes.permit = 'tampering'; delete from {s}.events where position = 2; select setval('{s}.positions', 1)");
        _clock.Advance(PollingPace.Longest);

        var refused = await Should.ThrowAsync<OrderingNotGuaranteedException>(() => beyond);
        refused.Check.ShouldBe("the last position of the log");
        refused.Actual.ShouldBe("1");
        Settler.Loss.ShouldNotBeNull().ShouldStartWith("The log ends at position 1, but had been read up to 2");
        (await Settler.AskAsync(Cancelled)).Position.ShouldBe(1);
        await AppendAsync("c");
        (await Settler.WaitBeyondAsync(1, Cancelled)).ShouldBe(2);
    }

    [Fact]
    public async Task A_schema_that_is_dropped_and_created_again_is_read_from_its_beginning()
    {
        for (var index = 0; index < 5; index++)
            await AppendAsync("a");
        (await Settler.AskAsync(Cancelled)).Position.ShouldBe(5);
        await UntilAsync(async () => await StoredAsync() == 5);

        await _store.ExecuteAsync("drop schema {s} cascade");
        await Should.ThrowAsync<SchemaMismatchException>(() => Settler.AskAsync(Cancelled));
        await _store.Schema.ApplyAsync(Cancelled);

        (await Settler.AskAsync(Cancelled)).Position.ShouldBe(0);
        await AppendAsync("b");
        (await Settler.AskAsync(Cancelled)).Position.ShouldBe(1);
        (await Settler.WaitBeyondAsync(0, Cancelled)).ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAskedAndStoredAsync(1);
    }

    [Fact]
    public async Task A_failed_wait_for_a_transaction_does_not_fail_the_readers()
    {
        await using var slow = await BeginAsync();
        var waiting = await WaitBehindAsync(slow);
        await UntilOneWaitsAsync(then: "pg_terminate_backend(waiting.pid, 180000)");
        await UntilAsync(() => Task.FromResult(Settler.IsPausing));
        waiting.IsCompleted.ShouldBeFalse();

        await ExecuteAsync(slow, "commit");
        await UntilAsync(() =>
        {
            _clock.Advance(PollingPace.Longest);
            return Task.FromResult(waiting.IsCompleted);
        });
        (await waiting).ShouldBe(2);
    }

    [Fact]
    public async Task The_row_for_standbys_moves_once_a_second_at_most_and_never_back()
    {
        await AppendAsync("a");
        await Settler.AskAsync(Cancelled);
        await UntilAsync(async () => await StoredAsync() == 1);
        await AppendAsync("b");
        await Settler.AskAsync(Cancelled);
        await Settler.AskAsync(Cancelled);
        (await StoredAsync()).ShouldBe(1);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAskedAndStoredAsync(2);

        (await new SettledQueries(Database(), _store.Name).PublishAsync(1, Cancelled)).ShouldBeTrue();
        (await StoredAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_role_that_may_not_write_the_row_reads_all_the_same()
    {
        await AppendAsync("a");
        await _store.ExecuteAsync(
            "create role {s} login password 'secret'; grant usage on schema {s} to {s}; grant select on all tables in schema {s} to {s}; "
                + "grant select on all sequences in schema {s} to {s};");
        await using var reader = new StoreFixture(server, _store.Name.Name, settings: $"Username={_store.Name.Name};Password=secret");
        await using (var settler = NewSettler(reader))
        {
            for (var index = 0; index < 3; index++)
            {
                (await settler.AskAsync(Cancelled)).Position.ShouldBe(1);
                _clock.Advance(TimeSpan.FromSeconds(2));
            }
        }

        (await StoredAsync()).ShouldBe(0);
        await _store.ExecuteAsync("drop owned by {s} cascade; drop role {s};");
    }

    private Settler NewSettler(StoreFixture? store = null)
    {
        store ??= _store;
        var ordering = new OrderingChecks(Database(store), store.Name);
        return new Settler(Queries(store), ordering, _clock);
    }

    /// <summary>Queries that do not give up the wait for a transaction before the test has seen it.</summary>
    private SettledQueries Queries(StoreFixture? store = null) =>
        new(Database(store), (store ?? _store).Name) { BlockerTimeout = Eventually.HangGuard };

    private FluentEventStore.Postgres.Database Database(StoreFixture? store = null) =>
        new((store ?? _store).DataSource, (store ?? _store).Schema.AssertAsync);

    /// <summary>Returns when somebody waits for a transaction to end.</summary>
    /// <param name="then">A condition that does something to the one that waits.</param>
    private Task UntilOneWaitsAsync(string then = "true") => UntilAsync(() => _store.ScalarAsync<bool>(
        $$"""
        select exists (
          select
          from (
            select l.pid
            from pg_locks l, {s}.store o
            where l.locktype = 'advisory' and l.objsubid = 1 and not l.granted and l.classid::bigint >> 16 = o.lock_tag
              and l.database = (select oid from pg_database where datname = current_database())
            -- The fence keeps the condition from being asked of those who wait elsewhere on the server: the planner may ask it first.
            offset 0) waiting
          where {{then}})
        """));

    /// <summary>Lets a transaction hold an event back, and somebody wait for the event, who is about to wait for the transaction.</summary>
    private async Task<Task<long>> WaitBehindAsync(NpgsqlConnection slow)
    {
        await AppendCall.RunAsync(slow, _store.Name.Name, "slow", ["slow"]);
        await AppendAsync("fast");
        var waiting = Settler.WaitBeyondAsync(0, Cancelled);
        await UntilAsync(() => Task.FromResult(Settler.IsPausing));
        _clock.Advance(PollingPace.Shortest);
        return waiting;
    }

    // What is under way when it is asked keeps the next one from being stored.
    private Task UntilAskedAndStoredAsync(long position) => UntilAsync(async () =>
    {
        await Settler.AskAsync(Cancelled);
        return await StoredAsync() == position;
    });

    private Task<long> StoredAsync() => _store.ScalarAsync<long>("select coalesce(max(position), 0) from {s}.settled");

    private async Task AppendAsync(string text)
    {
        await using var connection = await _store.DataSource.OpenConnectionAsync(Cancelled);
        await AppendCall.RunAsync(connection, _store.Name.Name, "s", [text]);
    }

    private async Task<NpgsqlConnection> BeginAsync()
    {
        var connection = await _store.DataSource.OpenConnectionAsync(Cancelled);
        await ExecuteAsync(connection, "begin");
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    /// <summary>Puts a function before the store's own that counts its calls and waits for who has locked a table.</summary>
    private Task CountSettlesAsync() => _store.ExecuteAsync(
        $$"""
        create sequence {s}.settles;
        create table {s}.gate ();
        alter function {s}.settle rename to settle_uncounted;
        create function {s}.settle({{SettledPosition.SettleArguments}}) returns {{SettledPosition.SettleReturns}} language plpgsql as
        'begin
           perform nextval(''{s}.settles'');
           lock table {s}.gate in share mode;
           return query select * from {s}.settle_uncounted(p_settled);
         end';
        """);

    private static Task UntilAsync(Func<Task<bool>> holds) => Eventually.BecomesTrueAsync(holds, "what the test waits for has come");
}
