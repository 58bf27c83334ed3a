using System.Diagnostics;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>Which connections tell other processes of commits, and which listen.</summary>
public sealed class ListeningConnectionTests(BankStore bank, PostgresServer server) : IClassFixture<BankStore>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_longest_name_of_a_schema_has_a_channel_of_its_own()
    {
        var schema = $"{server.CreateSchemaName()}_{new string('x', 39)}";
        schema.Length.ShouldBe(58);
        await using var other = EventStore.For(options => options.Connection(bank.ConnectionString).Schema = schema);
        await other.Schema.ApplyAsync(Cancelled);
        try
        {
            await using var announcements = await Announcements.ListenAsync(bank.ConnectionString, bank.Schema, schema);
            await other.SaveNoteAsync("a");
            await announcements.NextAsync();
            await announcements.CatchUpAsync();

            announcements.Heard.ShouldBe([($"fes_{schema}", "1")]);
        }
        finally
        {
            await server.DropSchemaAsync(schema);
        }
    }

    [Fact]
    public async Task With_a_pool_of_one_a_follower_listens_on_a_connection_beside_it_and_nothing_is_told()
    {
        const string pool = ";Maximum Pool Size=1;Timeout=60";
        await using var announcements = await Announcements.ListenAsync(bank.ConnectionString, bank.Schema);
        await using var follower = await ListeningFollower.StartAsync(
            bank,
            options => options.Connection($"{bank.StoreConnectionString}{pool};Application Name=follower of {bank.Schema}"));

        await follower.Store.SaveNoteAsync("own");
        (await follower.NextAsync()).ShouldBe("own");
        (await bank.CountConnectionsAsync($"follower of {bank.Schema}")).ShouldBe(1);
        (await follower.CountListenersAsync()).ShouldBe(1);

        await bank.Store.SaveNoteAsync("other");
        (await follower.NextAsync()).ShouldBe("other");
        await announcements.NextAsync();
        announcements.Heard.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_large_pool_of_the_application_gives_a_connection_which_stays_its_own()
    {
        var connection = $"{bank.StoreConnectionString};Maximum Pool Size=10;Application Name=large {bank.Schema}";
        await using var dataSource = NpgsqlDataSource.Create(connection);
        await using (var follower = await ListeningFollower.StartAsync(bank, options => options.DataSource(dataSource)))
        {
            await bank.Store.SaveNoteAsync("a");
            (await follower.NextAsync()).ShouldBe("a");
            await Eventually.BecomesTrueAsync(async () => await CountListeningAsync() == 1, "one listens");
        }

        await Eventually.BecomesTrueAsync(async () => await CountListeningAsync() == 0, "nobody listens");
        await using var answer = dataSource.CreateCommand("select 1");
        (await answer.ExecuteScalarAsync(Cancelled)).ShouldBe(1);

        async Task<long> CountListeningAsync() => (long)(await bank.ExecuteAsync(
            "select count(*) from pg_stat_activity "
                + $"where application_name = 'large {bank.Schema}' and query like '%listening_channels%'"))!;
    }

    [Fact]
    public async Task A_small_pool_of_the_application_is_left_alone()
    {
        var connection = $"{bank.StoreConnectionString};Maximum Pool Size=9;Application Name=small {bank.Schema}";
        await using var dataSource = NpgsqlDataSource.Create(connection);
        await using var announcements = await Announcements.ListenAsync(bank.ConnectionString, bank.Schema);
        await using var store = bank.CreateStore(options => options.DataSource(dataSource));
        await using var following = await bank.FollowHereAsync(store);
        var next = following.NextNoteAsync();
        await store.SaveNoteAsync("a");
        (await next).ShouldBe("a");

        next = following.NextNoteAsync();
        await bank.Store.SaveNoteAsync("b");
        (await next).ShouldBe("b");

        (await store.ListDatabasesAsync(Cancelled)).Single().IsListening.ShouldBeFalse();
        await announcements.NextAsync();
        announcements.Heard.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Databases_of_tenants_listen_too()
    {
        var tenants = new Dictionary<TenantId, string>
        {
            ["a"] = $"{bank.StoreConnectionString};Application Name=tenant {bank.Schema}"
        };
        var clock = new SleepyClock();
        await using var store = bank.CreateStore(options =>
        {
            options.TenantDatabases(TenantDatabases.Static(tenants));
            options.WaitClock = clock;
        });
        var database = (await store.ListDatabasesAsync(Cancelled)).Single();
        await using var following = database.Log.FollowAsync(await bank.StartHereAsync(), Cancelled).GetAsyncEnumerator(Cancelled);
        var next = following.NextNoteAsync();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(database.IsListening && clock.Sleeps > 1), "it listens and sleeps");

        await bank.Store.SaveNoteAsync("a");

        (await next).ShouldBe("a");
        (await bank.CountConnectionsAsync($"tenant {bank.Schema} listener")).ShouldBe(1);
    }

    [Fact]
    public async Task A_disposed_store_leaves_no_connection()
    {
        var follower = await ListeningFollower.StartAsync(bank);
        await follower.Store.SaveNoteAsync("a");

        await follower.DisposeAsync();

        await Eventually.BecomesTrueAsync(
            async () => await bank.CountConnectionsAsync(follower.Application) + await follower.CountListenersAsync() == 0,
            "all are closed");
    }

    [Fact]
    public async Task A_follower_of_a_quiet_log_asks_the_database_less_than_ten_times_a_second()
    {
        await using var proxy = new TcpProxy(bank.StoreConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString));
        await using var following = await bank.FollowHereAsync(store);
        var next = following.NextNoteAsync();
        await Eventually.BecomesTrueAsync(
            async () => (await store.ListDatabasesAsync(Cancelled)).Single().IsListening, "it listens");

        // Until all that is done at the beginning is over.
        await AskedAsync(20);
        var watch = Stopwatch.StartNew();
        var asked = await AskedAsync(6);
        (asked / watch.Elapsed.TotalSeconds).ShouldBeLessThan(10);

        await bank.Store.SaveNoteAsync("a");
        (await next).ShouldBe("a");

        async Task<int> AskedAsync(int times)
        {
            var before = proxy.RoundTrips;
            await Eventually.BecomesTrueAsync(() => Task.FromResult(proxy.RoundTrips >= before + times), "it asks");
            return proxy.RoundTrips - before;
        }
    }
}
