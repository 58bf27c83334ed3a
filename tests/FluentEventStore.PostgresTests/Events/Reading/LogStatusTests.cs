using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Events.Ordering;
using FluentEventStore.PostgresTests.Store;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>What operators are told of the log, each test in a store of its own.</summary>
public sealed class LogStatusTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task Where_nobody_appends_the_log_is_settled_to_its_last_event()
    {
        (await StatusAsync()).ShouldSatisfyAllConditions(
            static status => (status.LastPosition, status.SettledPosition, status.IsStandby).ShouldBe((0, 0, false)),
            static status => status.HeldBackBy.ShouldBeEmpty());
        await Warnings.BecomeAsync(_bank.Store, 0);
        await _bank.AppendAsync("s", new NoteTaken("a"), new NoteTaken("b"));

        var status = await StatusAsync();
        (status.LastPosition, status.SettledPosition, status.HeldBackBy.Count).ShouldBe((2, 2, 0));
    }

    [Fact]
    public async Task How_far_the_log_may_be_read_is_asked_for_alone()
    {
        (await _bank.Store.Log.FetchSettledPositionAsync(Cancelled)).ShouldBe(0);
        await _bank.AppendAsync("s", new NoteTaken("a"), new NoteTaken("b"));
        (await _bank.Store.Log.FetchSettledPositionAsync(Cancelled)).ShouldBe(2);

        await using var slow = new NpgsqlConnection($"{_bank.StoreConnectionString};Pooling=false");
        await slow.OpenAsync(Cancelled);
        await using (await slow.BeginTransactionAsync(Cancelled))
        {
            await AppendCall.RunAsync(slow, _bank.Schema, "slow", ["slow"]);
            await _bank.AppendAsync("s", new NoteTaken("c"));
            (await _bank.Store.Log.FetchSettledPositionAsync(Cancelled)).ShouldBe(2);
        }

        (await _bank.Store.Log.FetchSettledPositionAsync(Cancelled)).ShouldBe(4);
    }

    [Fact]
    public async Task A_transaction_that_holds_readers_back_is_named_until_an_operator_ends_it()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"));
        await using var slow = new NpgsqlConnection($"{_bank.StoreConnectionString};Application Name=importer;Pooling=false");
        await slow.OpenAsync(Cancelled);
        await using (await slow.BeginTransactionAsync(Cancelled))
        {
            await AppendCall.RunAsync(slow, _bank.Schema, "slow", ["slow"]);
            await _bank.AppendAsync("s", new NoteTaken("b"));

            var status = await StatusAsync();

            (status.LastPosition, status.SettledPosition).ShouldBe((3, 1));
            status.ToString().ShouldStartWith($"Settled up to 1 of 3; held back by LogBlocker {{ Pid = {slow.ProcessID}, ");
            var blocker = status.HeldBackBy.ShouldHaveSingleItem();
            (blocker.Pid, blocker.Position, blocker.ApplicationName, blocker.State, blocker.PreparedAs).ShouldBe(
                (slow.ProcessID, 1, "importer", "idle in transaction", null));
            blocker.Age.ShouldNotBeNull().ShouldBeInRange(TimeSpan.Zero, Eventually.HangGuard);
            blocker.Query.ShouldNotBeNull().ShouldContain("append");
            await _bank.ExecuteAsync($"select pg_terminate_backend({blocker.Pid})");
        }

        await Eventually.BecomesTrueAsync(async () => (await StatusAsync()).HeldBackBy.Count == 0, "its transaction has ended");
        (await StatusAsync()).SettledPosition.ShouldBe(3);
    }

    [Fact]
    public async Task The_status_tells_how_long_the_client_of_a_waiting_transaction_has_been_silent()
    {
        await using var connection = new NpgsqlConnection($"{_bank.StoreConnectionString};Pooling=false");
        await connection.OpenAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await AppendCall.RunAsync(connection, _bank.Schema, "slow", ["slow"]);

        // The server has answered a moment before it waits for its client.
        await Eventually.BecomesTrueAsync(async () => await SilenceAsync() is not null, "the server waits for its client");

        // The silence has begun when the last answer was ready, and it grows.
        var blocker = (await StatusAsync()).HeldBackBy.ShouldHaveSingleItem();
        var silence = blocker.Silence.ShouldNotBeNull();
        (blocker.Age!.Value - silence).ShouldBe(
            (TimeSpan)(await _bank.ExecuteAsync(
                $"select state_change - xact_start from pg_stat_activity where pid = {connection.ProcessID}"))!);
        await Eventually.BecomesTrueAsync(async () => await SilenceAsync() > silence, "the silence grows");

        // While the server works, it is not the client that is waited for.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await using var work = new NpgsqlCommand("select pg_sleep(600)", connection, transaction) { CommandTimeout = 0 };
        var working = work.ExecuteNonQueryAsync(ended.Token);
        var busy = blocker;
        await Eventually.BecomesTrueAsync(
            async () => (busy = (await StatusAsync()).HeldBackBy.ShouldHaveSingleItem()).State == "active", "the server works");
        busy.Silence.ShouldBeNull();
        await ended.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => working);

        async Task<TimeSpan?> SilenceAsync() => (await StatusAsync()).HeldBackBy.ShouldHaveSingleItem().Silence;
    }

    [Fact]
    public async Task A_prepared_transaction_is_named_by_what_it_was_prepared_as()
    {
        var name = $"{_bank.Schema}-forgotten";
        await using (var connection = new NpgsqlConnection(_bank.ConnectionString))
        {
            await connection.OpenAsync(Cancelled);
            await using var begin = new NpgsqlCommand("begin", connection);
            await begin.ExecuteNonQueryAsync(Cancelled);
            await AppendCall.RunAsync(connection, _bank.Schema, "s", ["a"]);
            await using var prepare = new NpgsqlCommand($"prepare transaction '{name}'", connection);
            await prepare.ExecuteNonQueryAsync(Cancelled);
        }

        var blocker = (await StatusAsync()).HeldBackBy.ShouldHaveSingleItem();
        await _bank.ExecuteAsync($"rollback prepared '{blocker.PreparedAs}'");

        (blocker.Pid, blocker.PreparedAs, blocker.State, blocker.Query).ShouldBe((null, name, "prepared", null));
        blocker.Age.ShouldNotBeNull();
        blocker.Silence.ShouldBeNull();
        (await StatusAsync()).HeldBackBy.ShouldBeEmpty();
    }

    [Fact]
    public async Task Commits_that_do_not_wait_for_the_disk_are_a_warning()
    {
        await using var store = _bank.CreateStore(
            options => options.Connection($"{_bank.ConnectionString};Options=-c synchronous_commit=off"));

        (await Warnings.BecomeAsync(store, 1)).Single().ShouldStartWith("synchronous_commit is off");
    }

    [Fact]
    public async Task Statistics_count_events_streams_and_types_of_all_tenants()
    {
        (await _bank.Store.Log.FetchStatisticsAsync(Cancelled)).ShouldSatisfyAllConditions(
            static empty => (empty.EventCount, empty.StreamCount, empty.LastPosition).ShouldBe((0, 0, 0)),
            static empty => empty.EventCountByType.ShouldBeEmpty());
        var id = Guid.NewGuid();
        await _bank.AppendAsync(id, new AccountOpened(id, "Ada", "EUR"), new MoneyDeposited(id, 1), new MoneyDeposited(id, 2));
        await _bank.AppendAsync("s", new NoteTaken("a"));
        await using var red = _bank.Store.OpenSession("red");
        red.Events.Append("s", new NoteTaken("b"));
        await red.SaveChangesAsync(Cancelled);
        await _bank.ExecuteAsync(
            "insert into {schema}.streams (tenant, id, version, created_at, appended_at) values ('default', 'empty', 0, now(), now())");

        var statistics = await _bank.Store.Log.FetchStatisticsAsync(Cancelled);

        (statistics.EventCount, statistics.StreamCount, statistics.LastPosition).ShouldBe((5, 3, 5));
        statistics.EventCountByType.ShouldBe(
            new Dictionary<string, long> { ["account-opened"] = 1, ["money-deposited"] = 2, ["note-taken"] = 2 }, ignoreOrder: true);
        statistics.SizeInBytes.ShouldBeGreaterThan(50_000);
        statistics.ToString().ShouldBe(
            $"5 events of 3 streams up to position 5, {statistics.SizeInBytes} bytes "
                + "(account-opened: 1, money-deposited: 2, note-taken: 2)");
    }

    private Task<LogStatus> StatusAsync() => _bank.Store.Log.StatusAsync(Cancelled);
}
