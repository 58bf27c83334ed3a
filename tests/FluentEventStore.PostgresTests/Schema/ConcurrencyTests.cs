using FluentEventStore.Schema;
using Npgsql;

namespace FluentEventStore.PostgresTests.Schema;

public sealed class ConcurrencyTests(PostgresServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("Options=-c default_transaction_isolation=serializable")]
    public async Task Ten_that_start_together_all_succeed_and_one_of_them_does_the_work(string settings)
    {
        var name = server.CreateSchemaName();
        var stores = Enumerable.Range(0, 10).Select(_ => new StoreFixture(server, name, settings: settings)).ToList();

        var reports = await Task.WhenAll(stores.Select(store => Task.Run(() => store.Schema.ApplyAsync(Cancelled))));

        reports.Count(report => report.Applied.Length > 0).ShouldBe(1);
        reports.ShouldAllBe(report => report.Drift.Count == 0);
        (await stores[0].ScalarAsync<long>("select count(*) from {s}.store")).ShouldBe(1);
        (await stores[0].ScalarAsync<long>("select last_value from {s}.positions")).ShouldBe(0);
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    [Fact]
    public async Task Ten_stores_that_are_created_together_get_ten_lock_tags()
    {
        var stores = Enumerable.Range(0, 10).Select(_ => new StoreFixture(server)).ToList();

        await Task.WhenAll(stores.Select(store => Task.Run(() => store.Schema.ApplyAsync(Cancelled))));

        var tags = new List<short>();
        foreach (var store in stores)
        {
            tags.Add(await store.ScalarAsync<short>("select lock_tag from {s}.store"));
            await store.DisposeAsync();
        }

        tags.ShouldBeUnique();
        tags.ShouldAllBe(tag => tag >= 1);
    }

    [Fact]
    public async Task A_tag_is_not_drawn_twice_even_where_the_other_store_cannot_be_read()
    {
        await using var store = new StoreFixture(server, settings: "Options=-c role=pg_read_all_stats");
        await using var owner = new StoreFixture(server, store.Name.Name);
        await owner.ExecuteAsync(
            "create schema {s}; create table {s}.store (); comment on table {s}.store is 'FluentEventStore, lock tag 4711'");

        var free = await store.ScalarAsync<bool>($"select '4711' not in (select lock_tag from ({StoreRowSchema.AllTags}) as taken)");

        free.ShouldBeFalse();
    }

    [Fact]
    public async Task An_apply_that_is_cancelled_while_it_waits_leaves_no_lock_behind()
    {
        var application = $"applying-{Guid.NewGuid():N}";
        await using var store = new StoreFixture(server, settings: $"Application Name={application}");
        await using var blocker = await store.DataSource.OpenConnectionAsync(Cancelled);
        await using var holding = await blocker.BeginTransactionAsync(Cancelled);
        await using (var take = new NpgsqlCommand(MigrationLock.Take, blocker) { CommandTimeout = 300 })
            await take.ExecuteNonQueryAsync(Cancelled);
        using var impatient = new CancellationTokenSource();
        var applying = store.Schema.ApplyAsync(impatient.Token);
        await Eventually.BecomesTrueAsync(
            () => store.ScalarAsync<bool>(
                $"select exists (select from pg_stat_activity where application_name = '{application}' and wait_event_type = 'Lock')"),
            "it waits");
        await impatient.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => applying);
        await holding.RollbackAsync(Cancelled);

        (await store.Schema.ApplyAsync(Cancelled)).Applied.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Others_who_change_a_schema_are_waited_for_60_seconds_and_those_who_use_a_table_10()
    {
        await using var store = EventStore.For(options => options.Connection(server.ConnectionString));
        await using var fixture = new StoreFixture(server);

        foreach (var schema in new[]
        {
            (StoreSchema)store.Schema,
            (StoreSchema)store.DatabaseOf(default).Schema,
            new(fixture.DataSource, fixture.Name, static () => [])
        })
            (schema.Patience, schema.LockTimeout).ShouldBe((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task The_holder_of_the_lock_for_schema_changes_is_named_and_only_stores_with_changes_wait_for_it()
    {
        await using var complete = new StoreFixture(server);
        await complete.Schema.ApplyAsync(Cancelled);
        await using var empty = new StoreFixture(server);
        var impatient = new StoreSchema(empty.DataSource, empty.Name, () => StoreFixture.Everything(empty.Name)) { Patience = TimeSpan
            .FromMilliseconds(200) };
        await using var stranger = new NpgsqlConnection($"{server.ConnectionString};Application Name=stranger;Pooling=false");
        await stranger.OpenAsync(Cancelled);
        await using (var take = new NpgsqlCommand("select pg_advisory_lock(1178949203, 1)", stranger) { CommandTimeout = 300 })
            await take.ExecuteNonQueryAsync(Cancelled);

        (await complete.Schema.ApplyAsync(Cancelled)).Applied.ShouldBeEmpty();
        (await complete.Schema.AssertAsync(Cancelled)).Drift.ShouldBeEmpty();
        foreach (var refused in (SchemaLockedException[])
            [
                await Should.ThrowAsync<SchemaLockedException>(() => impatient.ApplyAsync(Cancelled)),
                await Should.ThrowAsync<SchemaLockedException>(() => impatient.AssertAsync(Cancelled)),
                await Should.ThrowAsync<SchemaLockedException>(() => impatient.RenewLockTagAsync(Cancelled)),
            ])
        {
            refused.Holder.ShouldNotBeNull().Pid.ShouldBe(stranger.ProcessID);
            refused.Message.ShouldContain("application stranger");
        }

        await stranger.CloseAsync();
        (await empty.Schema.ApplyAsync(Cancelled)).Applied.ShouldNotBeEmpty();
    }
}
