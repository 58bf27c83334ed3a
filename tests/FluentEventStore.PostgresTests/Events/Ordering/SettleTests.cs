using FluentEventStore.Events;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>The function that says how far the log is settled, each test in a store of its own.</summary>
public sealed class SettleTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task The_settled_position_is_that_of_an_event_and_never_an_unused_number()
    {
        (await SettleAsync()).ShouldBe("0 0 none");
        await _bank.AppendAsync("s", new NoteTaken("a"), new NoteTaken("b"));
        await using (var lost = await BeginAsync())
        {
            await AppendAsync(lost, "lost");
            await RunAsync(lost, "rollback");
        }

        (await SettleAsync()).ShouldBe("2 3 none");
        (await SettleAsync(2)).ShouldBe("2 3 none");
        (await _bank.ExecuteAsync("select {schema}.settled_position()")).ShouldBe(2L);
    }

    [Fact]
    public async Task The_settled_position_stays_below_what_a_running_transaction_has_drawn()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"));
        await using var slow = await BeginAsync();
        await AppendAsync(slow, "slow");
        await _bank.AppendAsync("s", new NoteTaken("b"));

        (await SettleAsync()).ShouldBe("1 3 1");
        (await SettleAsync(1)).ShouldBe("1 3 1");
        await RunAsync(slow, "commit");
        (await SettleAsync(1)).ShouldBe("3 3 none");
    }

    [Fact]
    public async Task A_prepared_transaction_holds_the_settled_position_until_its_second_phase()
    {
        var name = $"{_bank.Schema}-prepared";
        await using (var connection = await BeginAsync())
        {
            await AppendAsync(connection, "prepared");
            await RunAsync(connection, $"prepare transaction '{name}'");
        }

        await _bank.AppendAsync("s", new NoteTaken("b"));

        (await SettleAsync()).ShouldBe("0 2 0");
        await _bank.ExecuteAsync($"commit prepared '{name}'");
        (await SettleAsync()).ShouldBe("2 2 none");
    }

    [Fact]
    public async Task What_is_visible_without_a_hole_is_settled_whatever_is_locked()
    {
        await using var holder = await BeginAsync();
        await RunAsync(holder, $"select pg_advisory_xact_lock_shared((select lock_tag::bigint from {_bank.Schema}.store) << 48 | 0)");
        await _bank.AppendAsync("s", new NoteTaken("a"), new NoteTaken("b"));
        (await SettleAsync()).ShouldBe("2 2 none");

        await using var slow = await BeginAsync();
        await AppendAsync(slow, "slow");
        await _bank.AppendAsync("s", new NoteTaken("c"));
        (await SettleAsync()).ShouldBe("2 4 0");
        (await SettleAsync(2)).ShouldBe("2 4 0");
    }

    [Fact]
    public async Task A_settled_position_far_behind_moves_over_all_that_is_settled()
    {
        await _bank.AppendAsync("s", [.. Enumerable.Range(0, 2500).Select(static index => new NoteTaken($"{index}"))]);

        (await SettleAsync()).ShouldBe("2500 2500 none");
        (await SettleAsync(1600)).ShouldBe("2500 2500 none");
    }

    [Theory]
    [InlineData("repeatable read")]
    [InlineData("serializable")]
    public async Task A_frozen_snapshot_settles_nothing(string isolation)
    {
        await using var connection = await BeginAsync();
        await RunAsync(connection, $"set transaction isolation level {isolation}");

        var refused = await Should.ThrowAsync<PostgresException>(() => RunAsync(connection, $"select {_bank.Schema}.settled_position()"));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InvalidTransactionState);
    }

    [Fact]
    public async Task A_lock_that_no_writer_can_hold_holds_nobody_back()
    {
        const long Far = (1L << 40) + 1000;
        await _bank.ExecuteAsync($$"""select setval('{schema}.positions', {{Far}})""");
        await using var foreign = await BeginAsync();
        await RunAsync(foreign, $"select pg_advisory_xact_lock_shared((select lock_tag::bigint from {_bank.Schema}.store) << 48 | 5)");
        await using (var lost = await BeginAsync())
        {
            await AppendAsync(lost, "lost");
            await RunAsync(lost, "rollback");
        }

        await _bank.AppendAsync("s", new NoteTaken("a"));

        (await SettleAsync()).ShouldBe($"{Far + 2} {Far + 2} none");
    }

    [Fact]
    public async Task A_transaction_takes_one_lock_however_often_it_appends()
    {
        await using var connection = await BeginAsync();
        for (var index = 0; index < 20; index++)
            await AppendAsync(connection, $"{index}");

        (await CountLocksAsync()).ShouldBe(1);
        await RunAsync(connection, "commit");
        (await CountLocksAsync()).ShouldBe(0);
        await RunAsync(connection, "begin");
        await AppendAsync(connection, "next");
        (await CountLocksAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task After_a_rollback_to_a_savepoint_the_next_append_locks_again()
    {
        await using var connection = await BeginAsync();
        await RunAsync(connection, "savepoint a");
        await AppendAsync(connection, "lost");
        await RunAsync(connection, "rollback to a");
        (await CountLocksAsync()).ShouldBe(0);

        await AppendAsync(connection, "kept");
        await _bank.AppendAsync("s", new NoteTaken("fast"));

        (await CountLocksAsync()).ShouldBe(1);
        (await SettleAsync()).ShouldBe("0 3 1");
    }

    [Fact]
    public async Task Two_stores_in_one_transaction_each_take_a_lock()
    {
        await using var other = new BankStore(server);
        await other.InitializeAsync();
        await using var connection = await BeginAsync();
        await AppendAsync(connection, "a");
        await AppendCall.RunAsync(connection, other.Schema, "s", ["b"]);
        await AppendAsync(connection, "c");

        (await CountLocksAsync()).ShouldBeGreaterThanOrEqualTo(1);
        (await CountLocksAsync(other)).ShouldBe(1);
    }

    private async Task<string> SettleAsync(long position = 0) =>
        (string)(await _bank.ExecuteAsync(
            $$"""select format('%s %s %s', settled, last, coalesce(lowest::text, 'none')) from {schema}.settle({{position}})"""))!;

    private async Task<long> CountLocksAsync(BankStore? bank = null)
    {
        bank ??= _bank;
        return (long)(await bank.ExecuteAsync(
            $"select count(*) from pg_catalog.pg_locks l where {SettledPosition.Locks(new SqlIdentifier(bank.Schema))}"))!;
    }

    private async Task<NpgsqlConnection> BeginAsync()
    {
        var connection = new NpgsqlConnection(_bank.ConnectionString);
        await connection.OpenAsync(Cancelled);
        await RunAsync(connection, "begin");
        return connection;
    }

    private Task AppendAsync(NpgsqlConnection connection, string text) =>
        AppendCall.RunAsync(connection, _bank.Schema, $"sql-{text}", [text]);

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
