using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>Followers get the events of other processes at once. Each store here stands for a process.</summary>
public sealed class WakeUpTests(BankStore bank, PostgresServer server) : IClassFixture<BankStore>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_of_another_process_wakes_a_follower_that_would_not_look_again()
    {
        await using var follower = await StartAsync();

        await AppendAsync("a");

        (await follower.NextAsync()).ShouldBe("a");
        await follower.SleepsAsync();
        await AppendAsync("b");
        (await follower.NextAsync()).ShouldBe("b");
    }

    [Fact]
    public async Task An_import_of_another_process_wakes_a_follower()
    {
        await using var follower = await StartAsync();

        await bank.Store.Transfer.ImportAsync(
            new[] { new ImportedEvent($"{Guid.NewGuid()}", 1, new NoteTaken("a")) { Timestamp = DateTimeOffset.UtcNow } }
                .ToAsyncEnumerable(),
            cancellationToken: Cancelled);

        (await follower.NextAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task What_was_committed_while_nobody_listened_yet_is_found_as_soon_as_somebody_does()
    {
        await using var writer = bank.CreateStore(static options => options.Events.Notifications = false);
        await using var follower = await StartAsync();
        await KillListenersAsync(follower);
        await AppendAsync(writer, "untold");

        (await follower.NextAsync()).ShouldBe("untold");
    }

    [Fact]
    public async Task A_connection_that_was_lost_listens_again()
    {
        await using var follower = await StartAsync();

        await KillListenersAsync(follower);
        await Eventually.BecomesTrueAsync(async () => await follower.CountListenersAsync() == 1, "it is connected again");
        await follower.SleepsAsync();
        await AppendAsync("a");

        (await follower.NextAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task Where_nothing_is_told_followers_look_at_a_pace()
    {
        await using var writer = bank.CreateStore(static options => options.Events.Notifications = false);
        await using var reader = bank.CreateStore(
            options => options.Connection($"{bank.StoreConnectionString};Application Name=deaf {bank.Schema}"));
        await using var following = await FollowAsync(reader);
        for (var number = 0; number < 3; number++)
        {
            var next = NextAsync(following);
            await AppendAsync(writer, $"{number}");
            (await next).ShouldBe($"{number}");
        }
    }

    [Fact]
    public async Task Nothing_is_skipped_and_nothing_comes_twice_while_the_listening_connection_is_killed_again_and_again()
    {
        const int count = 300;
        var application = $"killed {bank.Schema}";
        await using var reader = bank.CreateStore(
            options => options.Connection($"{bank.StoreConnectionString};Application Name={application}"));
        await using var following = await FollowAsync(reader);
        var reading = Task.Run(
            async () =>
            {
                var texts = new List<string>();
                while (texts.Count < count)
                    texts.Add(await NextAsync(following));

                return texts;
            },
            Cancelled);

        for (var number = 0; number < count; number++)
        {
            await AppendAsync($"{number}");
            if (number % 10 == 0)
                await KillAsync($"{application} listener");
        }

        (await reading.WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBe(Enumerable.Range(0, count).Select(static number => $"{number}"));
    }

    [Fact]
    public async Task Of_commits_that_follow_each_other_closely_only_the_first_is_told()
    {
        const int count = 10_000;
        await using var announcements = await Announcements.ListenAsync(bank.ConnectionString, bank.Schema);
        var watch = Stopwatch.StartNew();
        await using (var writer = bank.CreateStore())
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, count),
                new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancelled },
                async (number, _) => await AppendAsync(writer, $"{number}"));
        }

        var pauses = watch.Elapsed / TimeSpan.FromMilliseconds(5);
        await announcements.CatchUpAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"{announcements.Heard.Count} of {count} in {watch.Elapsed}");
        announcements.Heard.Count.ShouldBeInRange(1, (int)pauses + 1);
    }

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
            await AppendAsync(other, "a");
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
        await using var follower = await StartAsync(
            options => options.Connection($"{bank.StoreConnectionString}{pool};Application Name=follower of {bank.Schema}"));

        await AppendAsync(follower.Store, "own");
        (await follower.NextAsync()).ShouldBe("own");
        (await CountAsync($"follower of {bank.Schema}")).ShouldBe(1);
        (await follower.CountListenersAsync()).ShouldBe(1);

        await AppendAsync("other");
        (await follower.NextAsync()).ShouldBe("other");
        await announcements.CatchUpAsync();
        announcements.Heard.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_large_pool_of_the_application_gives_a_connection_which_stays_its_own()
    {
        var connection = $"{bank.StoreConnectionString};Maximum Pool Size=10;Application Name=large {bank.Schema}";
        await using var dataSource = NpgsqlDataSource.Create(connection);
        await using (var follower = await StartAsync(options => options.DataSource(dataSource)))
        {
            await AppendAsync("a");
            (await follower.NextAsync()).ShouldBe("a");
            await Eventually.BecomesTrueAsync(async () => await CountListeningAsync() == 1, "one listens");
        }

        await Eventually.BecomesTrueAsync(async () => await CountListeningAsync() == 0, "nobody listens");
        await using var answer = dataSource.CreateCommand("select 1");
        (await answer.ExecuteScalarAsync(Cancelled)).ShouldBe(1);

        async Task<long> CountListeningAsync() => (long)(await bank.ExecuteAsync(
            $"select count(*) from pg_stat_activity where application_name = 'large {bank.Schema}' and query like '%listening_channels%'"))!;
    }

    [Fact]
    public async Task A_small_pool_of_the_application_is_left_alone()
    {
        var connection = $"{bank.StoreConnectionString};Maximum Pool Size=9;Application Name=small {bank.Schema}";
        await using var dataSource = NpgsqlDataSource.Create(connection);
        await using var announcements = await Announcements.ListenAsync(bank.ConnectionString, bank.Schema);
        await using var store = bank.CreateStore(options => options.DataSource(dataSource));
        await using var following = await FollowAsync(store);
        var next = NextAsync(following);
        await AppendAsync(store, "a");
        (await next).ShouldBe("a");

        next = NextAsync(following);
        await AppendAsync("b");
        (await next).ShouldBe("b");

        (await store.ListDatabasesAsync(Cancelled)).Single().IsListening.ShouldBeFalse();
        await announcements.CatchUpAsync();
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
        await using var following = database.Log.FollowAsync(await StartHereAsync(), Cancelled).GetAsyncEnumerator(Cancelled);
        var next = NextAsync(following);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(database.IsListening && clock.Sleeps > 1), "it listens and sleeps");

        await AppendAsync("a");

        (await next).ShouldBe("a");
        (await CountAsync($"tenant {bank.Schema} listener")).ShouldBe(1);
    }

    [Fact]
    public async Task A_disposed_store_leaves_no_connection()
    {
        var follower = await StartAsync();
        await AppendAsync(follower.Store, "a");

        await follower.DisposeAsync();

        await Eventually.BecomesTrueAsync(
            async () => await CountAsync(follower.Application) + await follower.CountListenersAsync() == 0, "all are closed");
    }

    [Fact]
    public async Task A_store_that_is_told_not_to_neither_tells_nor_listens()
    {
        await using var announcements = await Announcements.ListenAsync(bank.ConnectionString, bank.Schema);
        await using var follower = ListeningFollower.Start(bank, Silent, await StartHereAsync());
        await follower.SleepsDeafAsync();
        await AppendAsync(follower.Store, "own");
        (await follower.NextAsync()).ShouldBe("own");
        await follower.SleepsDeafAsync();

        await AppendAsync("told");
        await announcements.NextAsync();

        announcements.Heard.ShouldHaveSingleItem();
        (await follower.IsListeningAsync()).ShouldBeFalse();
        (await follower.CountListenersAsync()).ShouldBe(0);

        static void Silent(EventStoreOptions options) => options.Events.Notifications = false;
    }

    [Fact]
    public async Task A_follower_of_a_quiet_log_asks_the_database_less_than_ten_times_a_second()
    {
        await using var proxy = new TcpProxy(bank.StoreConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString));
        await using var following = await FollowAsync(store);
        var next = NextAsync(following);
        await Eventually.BecomesTrueAsync(
            async () => (await store.ListDatabasesAsync(Cancelled)).Single().IsListening, "it listens");

        // Until all that is done at the beginning is over.
        await AskedAsync(20);
        var watch = Stopwatch.StartNew();
        var asked = await AskedAsync(6);
        (asked / watch.Elapsed.TotalSeconds).ShouldBeLessThan(10);

        await AppendAsync("a");
        (await next).ShouldBe("a");

        async Task<int> AskedAsync(int times)
        {
            var before = proxy.RoundTrips;
            await Eventually.BecomesTrueAsync(() => Task.FromResult(proxy.RoundTrips >= before + times), "it asks");
            return proxy.RoundTrips - before;
        }
    }

    private async Task<ListeningFollower> StartAsync(Action<EventStoreOptions>? configure = null)
    {
        var follower = ListeningFollower.Start(bank, configure, await StartHereAsync());
        await follower.SleepsAsync();
        return follower;
    }

    private async Task<LogStart> StartHereAsync() => new() { After = await bank.Store.Log.FetchSettledPositionAsync(Cancelled) };

    private async Task<IAsyncEnumerator<IEvent>> FollowAsync(EventStore store) =>
        store.Log.FollowAsync(await StartHereAsync(), Cancelled).GetAsyncEnumerator(Cancelled);

    private static async Task<string> NextAsync(IAsyncEnumerator<IEvent> following)
    {
        (await following.MoveNextAsync().AsTask().WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBeTrue();
        return ((NoteTaken)following.Current.Data).Text;
    }

    private Task AppendAsync(string text) => AppendAsync(bank.Store, text);

    private static async Task AppendAsync(EventStore store, string text)
    {
        await using var session = store.OpenSession();
        session.Events.Append($"{Guid.NewGuid()}", new NoteTaken(text));
        await session.SaveChangesAsync(Cancelled);
    }

    private async Task KillListenersAsync(ListeningFollower follower) =>
        (await KillAsync($"{follower.Application} listener")).ShouldBe(1);

    private async Task<long> KillAsync(string application) => (long)(await bank.ExecuteAsync(
        $"select count(pg_terminate_backend(pid, 60000)) from pg_stat_activity where application_name = '{application}'"))!;

    private async Task<long> CountAsync(string application) => (long)(await bank.ExecuteAsync(
        $"select count(*) from pg_stat_activity where application_name = '{application}'"))!;
}
