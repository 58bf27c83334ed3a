using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>The lock that readers look for, and what becomes of writers that cannot take it; each test in a store of its own.</summary>
public sealed class WriterLockTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task The_holder_of_the_exclusive_lock_of_the_log_is_named_by_the_status_and_by_the_exception_of_writers()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"));
        await using var stranger = new NpgsqlConnection($"{_bank.ConnectionString};Application Name=stranger;Pooling=false");
        await stranger.OpenAsync(Cancelled);
        await RunAsync(stranger, $"select pg_advisory_lock((select lock_tag::bigint from {_bank.Schema}.store) << 48 | 1)");

        (await _bank.Store.Log.StatusAsync(Cancelled)).WritersHeldBackBy.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                holder => holder.Pid.ShouldBe(stranger.ProcessID), static holder => holder.ApplicationName.ShouldBe("stranger"));
        await using var session = _bank.Store.OpenSession();
        session.Events.Append("s", new NoteTaken("b"));
        var refused = await Should.ThrowAsync<LogLockedException>(() => session.SaveChangesAsync(Cancelled));
        refused.Holder.ShouldNotBeNull().Pid.ShouldBe(stranger.ProcessID);
        refused.Message.ShouldContain("application stranger");
        await ImportAsync().ShouldThrowAsync<LogLockedException>();
        (await _bank.FetchAsync("s")).Count.ShouldBe(1);

        await _bank.ExecuteAsync($"select pg_terminate_backend({refused.Holder.Pid}, 180000)");
        (await session.SaveChangesAsync(Cancelled)).Streams["s"].Version.ShouldBe(2);
        (await _bank.Store.Log.StatusAsync(Cancelled)).WritersHeldBackBy.ShouldBeEmpty();
    }

    [Fact]
    public async Task Units_that_share_a_statement_wait_for_the_lock_of_the_log_once()
    {
        await using var proxy = new TcpProxy(_bank.ConnectionString);
        await using var store = _bank.CreateStore(options =>
        {
            options.Connection(proxy.ConnectionString).Events.Notifications = false;
            options.Events.GroupCommit.Lanes = 1;

            // It stands still, so that the lane is not given up while the first unit waits, and all others come together.
            options.WaitClock = new FakeTimeProvider();
        });
        await BankStore.WriteOnceAsync(store);
        await using var stranger = new NpgsqlConnection($"{_bank.ConnectionString};Pooling=false");
        await stranger.OpenAsync(Cancelled);
        await RunAsync(stranger, $"select pg_advisory_lock((select lock_tag::bigint from {_bank.Schema}.store) << 48 | 1)");

        var saving = Enumerable.Range(0, 64).Select(async number =>
        {
            await using var session = store.OpenSession();
            session.Events.Append($"{number}", new NoteTaken("a"));
            return await session.SaveChangesAsync(Cancelled).ShouldThrowAsync<LogLockedException>();
        });

        // One alone, the others together: not in halves of halves, each of which would wait anew.
        var before = proxy.RoundTrips;
        await Task.WhenAll(saving).WaitAsync(Eventually.HangGuard, Cancelled);
        (proxy.RoundTrips - before).ShouldBeLessThan(10);
        (await _bank.ExecuteAsync("select count(*) from {schema}.events")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_writer_waits_for_the_lock_of_the_log_while_it_is_held_for_a_moment() => await Eventually.HoldsAsync(
        async _ =>
        {
            await using var moment = new NpgsqlConnection($"{_bank.ConnectionString};Pooling=false");
            await moment.OpenAsync(Cancelled);
            await RunAsync(
                moment,
                "begin; set local lock_timeout = 0; "
                    + $"select pg_advisory_xact_lock((select lock_tag::bigint from {_bank.Schema}.store) << 48)");
            var appending = _bank.AppendAsync("s", new NoteTaken("a"));
            await Eventually.BecomesTrueAsync(
                async () => appending.IsCompleted || await _bank.ExecuteAsync(
                    "select true from pg_locks, {schema}.store where locktype = 'advisory' and objsubid = 1 and not granted "
                        + "and database = (select oid from pg_database where datname = current_database()) "
                        + "and classid::bigint >> 16 = lock_tag") is true,
                "the writer waits");
            appending.IsCompletedSuccessfully.ShouldBeFalse();

            await RunAsync(moment, "commit");

            (await appending).Position.ShouldBe(1);
        },
        5,
        5,
        5,
        5);

    [Fact]
    public async Task Without_the_row_of_the_store_nothing_is_appended()
    {
        await _bank.AppendAsync("s", new NoteTaken("a"));
        await _bank.ExecuteAsync("delete from {schema}.store");

        await using var session = _bank.Store.OpenSession();
        session.Events.Append("s", new NoteTaken("b"));
        (await Should.ThrowAsync<OrderingNotGuaranteedException>(() => session.SaveChangesAsync(Cancelled))).Check.ShouldBe("the lock tag");
        await ImportAsync().ShouldThrowAsync<OrderingNotGuaranteedException>();
        (await _bank.FetchAsync("s")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_setting_from_before_the_transaction_is_not_taken_for_the_lock()
    {
        await using var store = _bank.CreateStore(
            options => options.Connection($"{_bank.ConnectionString};Options=-c fes.locked={_bank.Schema}"));
        await using var slow = new NpgsqlConnection($"{_bank.ConnectionString};Options=-c fes.locked={_bank.Schema}");
        await slow.OpenAsync(Cancelled);
        await RunAsync(slow, "begin");
        await AppendCall.RunAsync(slow, _bank.Schema, "slow", ["a"]);
        await using (var session = store.OpenSession())
        {
            session.Events.Append("s", new NoteTaken("b"));
            await session.SaveChangesAsync(Cancelled);
        }

        (await _bank.Store.Log.StatusAsync(Cancelled)).ShouldSatisfyAllConditions(
            static status => status.SettledPosition.ShouldBe(0),
            status => status.HeldBackBy.ShouldHaveSingleItem().Pid.ShouldBe(slow.ProcessID));
        await RunAsync(slow, "commit");
        (await _bank.Store.Log.StatusAsync(Cancelled)).SettledPosition.ShouldBe(2);
    }

    [Fact]
    public async Task A_transaction_that_appends_twice_takes_one_lock_and_the_next_one_on_the_same_connection_takes_its_own()
    {
        await using var connection = new NpgsqlConnection(_bank.ConnectionString);
        await connection.OpenAsync(Cancelled);
        for (var round = 0; round < 2; round++)
        {
            await RunAsync(connection, "begin");
            await AppendCall.RunAsync(connection, _bank.Schema, "s", ["a"]);
            await AppendCall.RunAsync(connection, _bank.Schema, "s", ["b"]);

            (await _bank.ExecuteAsync(
                "select string_agg(objid::text, ',') from pg_locks where locktype = 'advisory' and objsubid = 1 and pid = "
                    + $"{connection.ProcessID}"))
                .ShouldBe($"{2 * round}");
            await RunAsync(connection, "commit");
        }
    }

    [Fact]
    public async Task A_process_that_only_writes_gets_no_position_that_readers_have_passed_though_the_sequence_was_set_back()
    {
        await _bank.AppendAsync("s", [.. Enumerable.Range(0, 5).Select(static index => new NoteTaken($"{index}"))]);
        await _bank.TamperAsync("delete from {schema}.events where position = 2");
        await _bank.ExecuteAsync("select setval('{schema}.positions', 1)");
        foreach (var verb in (string[])["append", "unit with a document", "import"])
        {
            // As logical replication leaves it: the next position is one that no event has, and readers are beyond.
            await _bank.ExecuteAsync("select setval('{schema}.positions', 1)");
            await using var store = _bank.CreateOwnerStore(); // Who may move the sequence.
            if (verb == "import")
                await ImportAsync(store);
            else
                await SaveAsync(store, withDocument: verb != "append");

            ((long)(await _bank.ExecuteAsync("select count(*) from {schema}.events where position = 2"))!).ShouldBe(0);
        }

        (await _bank.ExecuteAsync("select max(position) from {schema}.events")).ShouldBe(8L);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task A_transaction_of_the_caller_is_checked_on_its_own_connection_and_refused_where_the_sequence_lags_behind(int poolSize)
    {
        await _bank.AppendAsync("s", [.. Enumerable.Range(0, 5).Select(static index => new NoteTaken($"{index}"))]);
        await using var dataSource = NpgsqlDataSource.Create($"{_bank.ConnectionString};Maximum Pool Size={poolSize};Timeout=60");
        await using var store = _bank.CreateStore(options => options.DataSource(dataSource));
        await _bank.TamperAsync("delete from {schema}.events where position = 2");
        await _bank.ExecuteAsync("select setval('{schema}.positions', 1)");

        (await Should.ThrowAsync<OrderingNotGuaranteedException>(SaveInTransactionAsync)).Expected.ShouldStartWith("at least 5");
        await store.Log.StatusAsync(Cancelled);
        await SaveInTransactionAsync();

        (await _bank.ExecuteAsync("select max(position) from {schema}.events")).ShouldBe(6L);

        async Task SaveInTransactionAsync()
        {
            await using var connection = await dataSource.OpenConnectionAsync(Cancelled);
            await using var transaction = await connection.BeginTransactionAsync(Cancelled);
            await using var session = store.OpenSession(new SessionOptions { Transaction = transaction });
            session.Events.Append("s", new NoteTaken("joined"));
            await session.SaveChangesAsync(Cancelled);
            await transaction.CommitAsync(Cancelled);
        }
    }

    [Fact]
    public async Task A_store_checks_again_before_it_writes_where_it_lost_a_connection()
    {
        await _bank.AppendAsync("s", [.. Enumerable.Range(0, 5).Select(static index => new NoteTaken($"{index}"))]);
        await using var store = _bank.CreateOwnerStore(options =>
        {
            options.Connection($"{_bank.ConnectionString};Application Name={_bank.Schema}");

            // Otherwise who tells others of the first commit may be the one to find that the connection is lost.
            options.Events.Notifications = false;
        });
        await SaveAsync(store);
        await _bank.TamperAsync("delete from {schema}.events where position = 2");
        await _bank.ExecuteAsync("select pg_terminate_backend(pid, 180000) from pg_stat_activity where application_name = '{schema}'");
        await _bank.ExecuteAsync("select setval('{schema}.positions', 1)");

        await using var session = store.OpenSession();
        session.Events.Append("s", new NoteTaken("after"));
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Cancelled));

        (await session.SaveChangesAsync(Cancelled)).Position.ShouldBe(7);
    }

    [Fact]
    public async Task A_new_stream_whose_number_is_taken_gets_the_next_one()
    {
        await using var store = _bank.CreateOwnerStore();
        await SaveAsync(store);

        // A restore that comes after the check: the next number is that of the stream that is there.
        await _bank.ExecuteAsync(
            "select setval(pg_get_serial_sequence('{schema}.streams', 'key'), (select max(key) from {schema}.streams), false)");
        await SaveAsync(store, stream: "new");
        await _bank.ExecuteAsync(
            "select setval(pg_get_serial_sequence('{schema}.streams', 'key'), (select max(key) from {schema}.streams), false)");
        await ImportAsync(store);

        (await _bank.FetchAsync("new")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_role_that_may_not_renumber_streams_is_told_what_the_owner_must_run()
    {
        await SaveAsync(_bank.Store);
        await _bank.ExecuteAsync(
            """
            create role {schema} login password 'secret';
            grant usage on schema {schema} to {schema};
            grant select, insert, update on all tables in schema {schema} to {schema};
            grant select, usage on {schema}.positions to {schema};
            """);
        await using var store = _bank.CreateStore(options => options.Connection(
            new NpgsqlConnectionStringBuilder(_bank.ConnectionString) { Username = _bank.Schema, Password = "secret" }.ConnectionString));
        await _bank.ExecuteAsync(
            "select setval(pg_get_serial_sequence('{schema}.streams', 'key'), (select max(key) from {schema}.streams), false)");

        var refused = await Should.ThrowAsync<SchemaMismatchException>(() => SaveAsync(store, stream: "new"));
        await _bank.ExecuteAsync(refused.Sql);
        await SaveAsync(store, stream: "new");
        await _bank.ExecuteAsync("drop owned by {schema} cascade; drop role {schema};");

        refused.Message.ShouldContain("streams_key_seq");
    }

    private static async Task SaveAsync(EventStore store, bool withDocument = false, string stream = "s")
    {
        await using var session = store.OpenSession();
        session.Events.Append(stream, new NoteTaken("a"));
        if (withDocument)
            session.Store(new Customer { Name = "Ada" });
        await session.SaveChangesAsync(Cancelled);
    }

    private Task<ImportReport> ImportAsync(EventStore? store = null) => (store ?? _bank.Store).Transfer.ImportAsync(
        new[] { new ImportedEvent("imported", 1, new NoteTaken("a")) { Timestamp = DateTimeOffset.UnixEpoch } }.ToAsyncEnumerable(),
        cancellationToken: Cancelled);

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
