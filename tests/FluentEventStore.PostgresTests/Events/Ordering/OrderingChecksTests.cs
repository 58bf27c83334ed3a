using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.PostgresTests.Schema;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Ordering;

public sealed class OrderingChecksTests(PostgresServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_store_passes_without_a_warning()
    {
        await using var store = await AppliedAsync();

        (await VerifyAsync(store)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("alter sequence {s}.positions cache 20", "the sequence positions", "cache 20 increment 1 minvalue 0 no cycle")]
    [InlineData("alter sequence {s}.positions increment 2", "the sequence positions", "cache 1 increment 2 minvalue 0 no cycle")]
    [InlineData("alter sequence {s}.positions cycle", "the sequence positions", "cache 1 increment 1 minvalue 0 cycle")]
    [InlineData("alter sequence {s}.positions minvalue -1", "the sequence positions", "cache 1 increment 1 minvalue -1 no cycle")]
    [InlineData("alter sequence {s}.positions restart", "the last value of the sequence positions", "one still to be handed out")]
    [InlineData("delete from {s}.store", "the lock tag", "missing")]
    public async Task What_lets_readers_skip_an_event_is_refused(string sql, string check, string actual)
    {
        await using var store = await AppliedAsync();
        await store.ExecuteAsync(sql);

        var refused = await Should.ThrowAsync<OrderingNotGuaranteedException>(() => VerifyAsync(store));

        refused.Check.ShouldBe(check);
        refused.Actual.ShouldBe(actual);
        refused.Expected.ShouldNotBe(actual);
    }

    [Theory]
    [InlineData("repeatable read")]
    [InlineData("serializable")]
    public async Task A_role_whose_snapshots_are_frozen_is_refused(string isolation)
    {
        await using var store = await AppliedAsync(
            $"Options=-c default_transaction_isolation={isolation.Replace(" ", "\\ ", StringComparison.Ordinal)}");

        var refused = await Should.ThrowAsync<OrderingNotGuaranteedException>(() => VerifyAsync(store));

        refused.Check.ShouldBe("default_transaction_isolation");
        refused.Expected.ShouldBe("read committed");
        refused.Actual.ShouldBe(isolation);
    }

    [Fact]
    public async Task A_lock_tag_that_another_schema_claims_is_a_warning_until_another_one_is_drawn()
    {
        await using var store = await AppliedAsync();
        await using var other = await AppliedAsync();
        var tag = await store.ScalarAsync<short>("select lock_tag from {s}.store");
        await other.ExecuteAsync($$"""comment on table {s}.store is 'FluentEventStore, lock tag {{tag}}'""");

        (await VerifyAsync(store)).ShouldHaveSingleItem().ShouldStartWith($"The lock tag is also that of {other.Name.Name}: ");
        await store.Schema.RenewLockTagAsync(Cancelled);

        (await VerifyAsync(store)).ShouldBeEmpty();
        (await store.ScalarAsync<short>("select lock_tag from {s}.store")).ShouldNotBe(tag);
        (await store.Schema.AssertAsync(Cancelled)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dump_restored_beside_the_schema_that_it_was_made_of_works_and_gets_a_tag_of_its_own()
    {
        await using var backup = await AppliedAsync();
        await AddEventAsync(backup, 41);
        var tag = await backup.ScalarAsync<short>("select lock_tag from {s}.store");
        var name = backup.Name.Name;
        await backup.ExecuteAsync($"alter schema {{s}} rename to {name}_old");
        await using var restored = new StoreFixture(server, name);
        await restored.Schema.ApplyAsync(Cancelled);
        await restored.ExecuteAsync(
            $$"""update {s}.store set lock_tag = {{tag}}; comment on table {s}.store is 'FluentEventStore, lock tag {{tag}}'""");
        await AddEventAsync(restored, 41);

        (await VerifyAsync(restored)).ShouldHaveSingleItem().ShouldContain("RenewLockTagAsync");
        await restored.Schema.RenewLockTagAsync(Cancelled);

        (await VerifyAsync(restored)).ShouldBeEmpty();
        await restored.ExecuteAsync($"drop schema {name}_old cascade");
    }

    [Fact]
    public async Task A_tag_is_drawn_when_all_holders_of_the_old_one_have_ended_and_later_ones_take_the_new_one()
    {
        await using var store = await AppliedAsync();
        var tag = await store.ScalarAsync<short>("select lock_tag from {s}.store");
        await using var early = await store.DataSource.OpenConnectionAsync(Cancelled);
        await RunAsync(early, "begin");
        await AppendCall.RunAsync(early, store.Name.Name, "early", ["a"]);
        var renewing = new StoreSchema(store.DataSource, store.Name, () => []) { LockTimeout = Eventually.HangGuard }.RenewLockTagAsync(
            Cancelled);
        await UntilSomebodyWaitsForAsync(store, "store", 1);
        await using var late = await store.DataSource.OpenConnectionAsync(Cancelled);
        await RunAsync(late, "begin");
        var appending = AppendCall.RunAsync(late, store.Name.Name, "late", ["b"]);
        await UntilSomebodyWaitsForAsync(store, "store", 2);
        renewing.IsCompleted.ShouldBeFalse();
        await RunAsync(early, "commit");
        await renewing;
        await appending;

        var drawn = await store.ScalarAsync<short>("select lock_tag from {s}.store");
        drawn.ShouldNotBe(tag);
        (await store.ScalarAsync<int>(
            $"select (classid::bigint >> 16)::int from pg_locks where locktype = 'advisory' and objsubid = 1 and pid = {late.ProcessID}"))
            .ShouldBe(drawn);
        (await store.ScalarAsync<long>("select settled from {s}.settle(0)")).ShouldBe(1);
        await RunAsync(late, "commit");
        (await store.ScalarAsync<long>("select settled from {s}.settle(0)")).ShouldBe(2);
    }

    [Fact]
    public async Task Many_who_verify_at_once_share_the_connections_of_one()
    {
        await using var store = await AppliedAsync("Maximum Pool Size=2;Timeout=60");
        await using var checks = Patient(store);

        var verified = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => checks.VerifyAsync(Cancelled)));

        verified.ShouldAllBe(static warnings => warnings.Count == 0);
    }

    [Fact]
    public async Task Stores_that_share_a_pool_and_verify_at_once_do_not_wait_for_each_others_second_connection()
    {
        await using var store = await AppliedAsync("Maximum Pool Size=4;Timeout=300");

        var verified = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => new OrderingChecks(Door(store), store.Name).VerifyAsync(
            Cancelled)))
            .WaitAsync(Eventually.HangGuard, Cancelled);

        verified.SelectMany(static warnings => warnings).ShouldAllBe(
            static warning => warning.StartsWith("The pool had no second connection", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lock_that_is_gone_with_its_connection_is_not_a_fault_of_the_database()
    {
        await using var store = await AppliedAsync();

        // Twice ends whoever holds the lock while another connection looks for it; then leaves it in peace.
        await store.ExecuteAsync(
            """
            create sequence {s}.looks;
            create function {s}.look() returns boolean language plpgsql as $$
            declare victim integer;
            begin
              if nextval('{s}.looks') > 2 then
                return true;
              end if;
              select pid into strict victim from pg_catalog.pg_locks, {s}.store
              where locktype = 'advisory' and objsubid = 1 and granted and classid::bigint >> 16 = lock_tag
                and database = (select oid from pg_catalog.pg_database where datname = current_database());
              perform pg_terminate_backend(victim, 180000);
              return true;
            end $$;
            create view {s}.pg_locks as
              select l.* from (select {s}.look() offset 0) as o (looked), lateral (select * from pg_catalog.pg_locks where o.looked) as l;
            """);
        var locks = new SharedLocks(store.DataSource, OrderingChecks.KeyOfProcess(store.Name))
        {
            Locks = $"{store.Name}.pg_locks",
            Patience = Eventually.HangGuard,
        };

        (await locks.AreSeenAsync(Cancelled)).ShouldBe(true);
        (await store.ScalarAsync<long>("select last_value from {s}.looks")).ShouldBe(3);
    }

    [Fact]
    public async Task Streams_are_numbered_beyond_those_that_a_restore_has_brought()
    {
        await using var store = await AppliedAsync();
        await store.ExecuteAsync(
            "insert into {s}.streams (key, tenant, id, version, created_at, appended_at) "
                + "values (41, 'default', 'restored', 1, now(), now())");

        await VerifyAsync(store);

        (await store.ScalarAsync<long>("select nextval(pg_get_serial_sequence('{s}.streams', 'key'))")).ShouldBe(42);
    }

    [Fact]
    public async Task A_sequence_behind_the_events_is_moved_past_them()
    {
        await using var store = await AppliedAsync();
        await AddEventAsync(store, 41);

        await VerifyAsync(store);

        (await store.ScalarAsync<long>("select nextval('{s}.positions')")).ShouldBe(42);
        (await VerifyAsync(store)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sequence_is_moved_only_after_all_who_have_drawn_a_number_are_done_and_never_backwards()
    {
        await using var store = await AppliedAsync();
        await AddEventAsync(store, 41);
        await using var writer = await store.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await writer.BeginTransactionAsync(Cancelled);
        await RunAsync(writer, $"select nextval('{store.Name}.positions')");

        var verifying = VerifyAsync(store);
        await UntilSomebodyWaitsForAsync(store, "positions", 1);
        verifying.IsCompleted.ShouldBeFalse();
        await RunAsync(writer, $"select nextval('{store.Name}.positions') from generate_series(1, 99)");
        await transaction.CommitAsync(Cancelled);

        await verifying;
        (await store.ScalarAsync<long>("select last_value from {s}.positions")).ShouldBe(100);
    }

    [Fact]
    public async Task A_role_that_may_not_move_the_sequence_is_told_so()
    {
        await using var owner = await AppliedAsync();
        await AddEventAsync(owner, 41);
        await owner.ExecuteAsync(
            "create role {s} login password 'secret'; grant usage on schema {s} to {s}; grant select on all tables in schema {s} to {s}; "
                + "grant select on all sequences in schema {s} to {s};");
        await using var store = new StoreFixture(server, owner.Name.Name, settings: $"Username={owner.Name.Name};Password=secret");

        var refused = await Should.ThrowAsync<OrderingNotGuaranteedException>(() => VerifyAsync(store));
        await owner.ExecuteAsync("drop owned by {s} cascade; drop role {s};");

        refused.Expected.ShouldStartWith("at least 41");
        refused.Actual.ShouldBe("0");
    }

    [Fact]
    public async Task Commits_that_do_not_wait_for_the_disk_are_a_warning()
    {
        await using var store = await AppliedAsync("Options=-c synchronous_commit=off");

        (await VerifyAsync(store)).ShouldHaveSingleItem().ShouldStartWith("synchronous_commit is off");
    }

    [Fact]
    public async Task A_pool_of_one_connection_is_a_warning_and_no_deadlock()
    {
        await using var store = await AppliedAsync("Maximum Pool Size=1;Timeout=60");

        (await VerifyAsync(store)).ShouldHaveSingleItem().ShouldStartWith("The pool had no second connection");
    }

    [Fact]
    public async Task Locks_that_another_connection_does_not_see_are_refused()
    {
        await using var store = await AppliedAsync();
        // Stands for a proxy or a relative of PostgreSQL whose advisory locks do nothing.
        await store.ExecuteAsync("create view {s}.pg_locks as select * from pg_catalog.pg_locks where false");
        await using var blind = new StoreFixture(server, store.Name.Name, settings: $"Search Path={store.Name.Name},pg_catalog");

        var refused = await Should.ThrowAsync<OrderingNotGuaranteedException>(
            () => new OrderingChecks(Door(blind), blind.Name)
            {
                Locks = new SharedLocks(blind.DataSource, OrderingChecks.KeyOfProcess(blind.Name))
                {
                    Locks = "pg_locks",
                    Patience = Eventually.HangGuard,
                },
            }.VerifyAsync(Cancelled));

        refused.Check.ShouldBe("an advisory lock of one connection");
        refused.Actual.ShouldBe("not seen by another");
    }

    [Fact]
    public async Task The_checks_leave_no_lock_behind()
    {
        await using var store = await AppliedAsync();

        await VerifyAsync(store);

        (await store.ScalarAsync<long>(
            "select count(*) from pg_locks, {s}.store where locktype = 'advisory' and objsubid = 1 and classid::bigint >> 16 = lock_tag "
                + "and database = (select oid from pg_database where datname = current_database())"))
            .ShouldBe(0);
    }

    [Fact]
    public async Task A_missing_store_is_explained()
    {
        await using var store = new StoreFixture(server);

        await Should.ThrowAsync<SchemaMismatchException>(() => VerifyAsync(store));
    }

    private static Task<IReadOnlyList<string>> VerifyAsync(StoreFixture store) => Patient(store).VerifyAsync(Cancelled);

    /// <summary>Checks that wait for a second connection, however slowly this machine opens one.</summary>
    private static OrderingChecks Patient(StoreFixture store) => new(Door(store), store.Name)
    {
        Locks = new SharedLocks(store.DataSource, OrderingChecks.KeyOfProcess(store.Name)) { Patience = Eventually.HangGuard },
    };

    private static FluentEventStore.Postgres.Database Door(StoreFixture store) => new(store.DataSource, store.Schema.AssertAsync);

    private async Task<StoreFixture> AppliedAsync(string settings = "")
    {
        var store = new StoreFixture(server, settings: settings);
        await store.Schema.ApplyAsync(Cancelled);
        return store;
    }

    private static Task AddEventAsync(StoreFixture store, long position) =>
        store.ExecuteAsync($$"""insert into {s}.events values ({{position}}, 1, 1, gen_random_uuid(), 'x', 1, now(), '{}')""");

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static Task UntilSomebodyWaitsForAsync(StoreFixture store, string relation, int count) => Eventually.BecomesTrueAsync(
        () => store.ScalarAsync<bool>(
            $"select count(*) >= {count} from pg_locks where relation = '{{s}}.{relation}'::regclass and not granted "
                + "and database = (select oid from pg_database where datname = current_database())"),
        $"{count} wait for {relation}");
}
