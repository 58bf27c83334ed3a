using FluentEventStore.Postgres;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Store;
using Npgsql;

namespace FluentEventStore.PostgresTests.Postgres;

public sealed class ConnectionTests(PostgresServer server)
{
    [Fact]
    public void Behind_PgBouncer_nothing_may_be_prepared()
    {
        Should.Throw<ArgumentException>(() => EventStore.For(options =>
        {
            options.Connection(server.ConnectionString + ";Max Auto Prepare=10");
            options.PgBouncer();
        })).Message.ShouldContain("Max Auto Prepare");

        using var preparing = NpgsqlDataSource.Create(server.ConnectionString + ";Max Auto Prepare=10");
        Should.Throw<ArgumentException>(() => EventStore.For(options =>
        {
            options.DataSource(preparing);
            options.PgBouncer();
        }));
    }

    [Fact]
    public void Connections_that_are_shared_while_they_are_used_are_refused()
    {
        Should.Throw<ArgumentException>(
            () => EventStore.For(options => options.Connection(server.ConnectionString + ";Multiplexing=true"))).Message
            .ShouldContain("Multiplexing");

        using var shared = NpgsqlDataSource.Create(server.ConnectionString + ";Multiplexing=true");
        Should.Throw<ArgumentException>(() => EventStore.For(options => options.DataSource(shared))).Message.ShouldContain("Multiplexing");
    }

    [Theory]
    [InlineData("Host=a", "FluentEventStore listener")]
    [InlineData("Host=a,b:5433;Maximum Pool Size=1;Application Name=shop", "shop listener")]
    public async Task The_connection_that_listens_is_beside_the_pool_and_says_what_it_is(string connectionString, string name)
    {
        await using var connections = Connect(connectionString);
        var listening = new NpgsqlConnectionStringBuilder(connections.Listening!.ConnectionString);

        (listening.Pooling, listening.MaxAutoPrepare, listening.ApplicationName).ShouldBe((false, 0, name));
        listening.Options.ShouldBe(new NpgsqlConnectionStringBuilder(connections.Primary.ConnectionString).Options);
    }

    [Theory]
    [InlineData("Host=a", true)]
    [InlineData("Host=a;Maximum Pool Size=10", true)]
    [InlineData("Host=a;Maximum Pool Size=9", false)]
    [InlineData("Host=a;Pooling=false", false)]
    public async Task Of_a_data_source_of_the_application_a_large_pool_gives_a_connection_that_listens(string connectionString, bool gives)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var connections = new StoreConnections(
            new ConnectionSettings(dataSource, null, IsBehindPgBouncer: false, QueriesOnStandby: false, "s"));

        connections.Listening.ShouldBe(gives ? dataSource : null);
    }

    [Fact]
    public async Task Behind_PgBouncer_nobody_listens()
    {
        await using var connections = Connect("Host=a", static options => options.PgBouncer());

        connections.Listening.ShouldBeNull();
    }

    [Fact]
    public async Task A_connection_of_the_store_finds_out_when_its_other_end_is_gone()
    {
        await using var connections = Connect(server.ConnectionString);
        var settings = new NpgsqlConnectionStringBuilder(connections.Primary.ConnectionString);

        (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval, settings.HostRecheckSeconds).ShouldBe(
            (true, 10, 5, 1));
        (await ShowAsync(connections, "idle_in_transaction_session_timeout")).ShouldBe("30s");
        string[] tcp = ["tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout"];
        if (!settings.Host!.StartsWith('/'))
            (await Task.WhenAll(tcp.Select(name => ShowAsync(connections, name)))).ShouldBe(["10", "5", "3", "25000"]);
    }

    [Fact]
    public async Task Settings_of_the_connection_string_are_kept()
    {
        await using var connections = Connect(
            $"{server.ConnectionString};Options=-c idle_in_transaction_session_timeout=7000 -c work_mem=8MB;Tcp Keepalive Time=60;Host "
                + "Recheck Seconds=4");
        var settings = new NpgsqlConnectionStringBuilder(connections.Primary.ConnectionString);

        (settings.TcpKeepAliveTime, settings.HostRecheckSeconds).ShouldBe((60, 4));
        (await ShowAsync(connections, "idle_in_transaction_session_timeout")).ShouldBe("7s");
        (await ShowAsync(connections, "work_mem")).ShouldBe("8MB");
    }

    [Fact]
    public async Task Behind_PgBouncer_no_options_are_sent_that_it_would_refuse()
    {
        await using var connections = Connect(server.ConnectionString, static options => options.PgBouncer());

        new NpgsqlConnectionStringBuilder(connections.Primary.ConnectionString).Options.ShouldBeNullOrEmpty();
    }

    [Fact]
    public void Without_several_hosts_there_is_no_standby_to_query() => Should.Throw<ArgumentException>(() => EventStore.For(options =>
    {
        options.Connection(server.ConnectionString);
        options.QueryOnStandby();
    })).Message.ShouldContain("several hosts");

    [Fact]
    public async Task A_store_writes_on_the_primary_and_query_sessions_read_on_the_standby()
    {
        await using var pair = await StandbyPair.StartOrSkipAsync();
        foreach (var byDataSource in (bool[])[false, true])
        {
            await using var dataSource = new NpgsqlDataSourceBuilder(pair.ConnectionString).BuildMultiHost();
            await using var store = EventStore.For(options =>
            {
                if (byDataSource)
                    options.DataSource(dataSource);
                else
                    options.Connection(pair.ConnectionString);
                options.QueryOnStandby();
            });
            await store.Schema.ApplyAsync(TestContext.Current.CancellationToken);
            StreamId id = Guid.NewGuid();
            await using var session = store.OpenSession();
            session.Events.Append(id, new NoteTaken("a"));
            var customer = new Customer { Name = $"{id}" };
            session.Store(customer);
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);

            await pair.CatchUpAsync();
            await using var query = store.OpenQuerySession();
            (await query.LoadAsync<Customer>(customer.Id, TestContext.Current.CancellationToken)).ShouldNotBeNull();

            // While it does not replay, only the primary has what is written.
            await pair.PauseStandbyAsync();
            session.Events.Append(id, new NoteTaken("b"));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            (await query.Events.FetchStreamAsync(id, cancellationToken: TestContext.Current.CancellationToken)).Count.ShouldBe(1);
            (await session.Events.FetchStreamAsync(id, cancellationToken: TestContext.Current.CancellationToken)).Count.ShouldBe(2);
            (await query.Events.ReadAllAsync(cancellationToken: TestContext.Current.CancellationToken)
                .CountAsync(e => e.StreamId == id, TestContext.Current.CancellationToken)).ShouldBe(2);
            await pair.ResumeStandbyAsync();
        }
    }

    private static StoreConnections Connect(string connectionString, Action<EventStoreOptions>? configure = null)
    {
        var options = new EventStoreOptions();
        options.Connection(connectionString);
        configure?.Invoke(options);
        return new StoreConnections(options.Connections);
    }

    private static async Task<string> ShowAsync(StoreConnections connections, string setting)
    {
        await using var command = connections.Primary.CreateCommand($"show {setting}");
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
