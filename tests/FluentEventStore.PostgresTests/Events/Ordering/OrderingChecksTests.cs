using FluentEventStore.Events;
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
        await using var store = await AppliedAsync($"Options=-c default_transaction_isolation={isolation.Replace(" ", "\\ ", StringComparison.Ordinal)}");

        var refused = await Should.ThrowAsync<OrderingNotGuaranteedException>(() => VerifyAsync(store));

        refused.Check.ShouldBe("default_transaction_isolation");
        refused.Expected.ShouldBe("read committed");
        refused.Actual.ShouldBe(isolation);
    }

    [Fact]
    public async Task A_copy_of_a_store_with_its_lock_tag_is_refused()
    {
        await using var store = await AppliedAsync();
        await using var copy = await AppliedAsync();
        var tag = await store.ScalarAsync<short>("select lock_tag from {s}.store");
        await copy.ExecuteAsync($$"""update {s}.store set lock_tag = {{tag}}; comment on table {s}.store is 'FluentEventStore, lock tag {{tag}}';""");

        var refused = await Should.ThrowAsync<OrderingNotGuaranteedException>(() => VerifyAsync(store));

        refused.Check.ShouldBe("the lock tag");
        refused.Actual.ShouldContain(copy.Name.Name);
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
    public async Task A_sequence_is_moved_only_after_those_who_have_drawn_a_number_are_done_and_never_backwards()
    {
        await using var store = await AppliedAsync();
        await AddEventAsync(store, 41);
        await using var writer = await store.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await writer.BeginTransactionAsync(Cancelled);
        await RunAsync(writer, $"select nextval('{store.Name}.positions')");

        var verifying = VerifyAsync(store);
        await UntilSomebodyWaitsAsync(store);
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
        await owner.ExecuteAsync("create role {s} login password 'secret'; grant usage on schema {s} to {s}; grant select on all tables in schema {s} to {s}; grant select on all sequences in schema {s} to {s};");
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
        await using var store = await AppliedAsync("Maximum Pool Size=1;Timeout=3");

        (await VerifyAsync(store)).ShouldHaveSingleItem().ShouldStartWith("The pool has one connection");
    }

    [Fact]
    public async Task Locks_that_another_connection_does_not_see_are_refused()
    {
        await using var store = await AppliedAsync();
        // Stands for a proxy or a relative of PostgreSQL whose advisory locks do nothing.
        await store.ExecuteAsync("create view {s}.pg_locks as select * from pg_catalog.pg_locks where false");
        await using var blind = new StoreFixture(server, store.Name.Name, settings: $"Search Path={store.Name.Name},pg_catalog");

        var refused = await Should.ThrowAsync<OrderingNotGuaranteedException>(
            () => new OrderingChecks(blind.DataSource, blind.Name, _ => Task.CompletedTask) { Locks = "pg_locks" }.VerifyAsync(Cancelled));

        refused.Check.ShouldBe("an advisory lock of one connection");
        refused.Actual.ShouldBe("not seen by another");
    }

    [Fact]
    public async Task The_checks_leave_no_lock_behind()
    {
        await using var store = await AppliedAsync();

        await VerifyAsync(store);

        (await store.ScalarAsync<long>("select count(*) from pg_locks, {s}.store where locktype = 'advisory' and objsubid = 1 and classid::bigint >> 16 = lock_tag"))
            .ShouldBe(0);
    }

    [Fact]
    public async Task Where_there_is_no_store_it_is_explained()
    {
        await using var store = new StoreFixture(server);

        await Should.ThrowAsync<SchemaMismatchException>(() => VerifyAsync(store));
    }

    private static Task<IReadOnlyList<string>> VerifyAsync(StoreFixture store)
        => new OrderingChecks(store.DataSource, store.Name, store.Schema.AssertAsync).VerifyAsync(Cancelled);

    private async Task<StoreFixture> AppliedAsync(string settings = "")
    {
        var store = new StoreFixture(server, settings: settings);
        await store.Schema.ApplyAsync(Cancelled);
        return store;
    }

    private static Task AddEventAsync(StoreFixture store, long position)
        => store.ExecuteAsync($$"""insert into {s}.events values ({{position}}, 1, 1, gen_random_uuid(), 'x', 1, now(), '{}')""");

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static async Task UntilSomebodyWaitsAsync(StoreFixture store)
    {
        while (!await store.ScalarAsync<bool>("select exists (select from pg_locks where relation = '{s}.positions'::regclass and not granted)"))
            await Task.Delay(10, Cancelled);
    }
}
