using System.Net;
using System.Net.Sockets;
using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FluentEventStore.PostgresTests.Hosting;

public sealed class StartupTests(PostgresServer server) : IAsyncLifetime
{
    private readonly HostStore _host = new(server);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_schema_is_there_before_anything_else_of_the_host_starts()
    {
        var seen = -1L;
        using var host = _host.Build(builder =>
        {
            // Added first, so the host would start it first.
            builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(provider => new Probe(async token =>
                seen = (await provider.GetRequiredService<IEventStore>().Log.FetchStatisticsAsync(token)).EventCount)));
            builder.ApplySchemaOnStartup();
        });

        await host.StartAsync(Cancellation);
        await host.StopAsync(Cancellation);

        seen.ShouldBe(0);
    }

    [Fact]
    public async Task Ten_hosts_that_start_at_once_on_an_empty_database_all_come_up_and_one_of_them_seeds()
    {
        var seeded = 0;
        var hosts = Enumerable.Range(0, 10).Select(_ => _host.Build(builder => builder.ApplySchemaOnStartup().SeedWith(
            "accounts",
            (session, _) =>
            {
                Interlocked.Increment(ref seeded);
                session.Events.Append("seeded", new NoteTaken("once"));
                session.Store(new Customer { Id = Guid.CreateVersion7(), Name = "Ada" });
                return Task.CompletedTask;
            }))).ToList();

        await Task.WhenAll(hosts.Select(static host => host.StartAsync(Cancellation)));

        seeded.ShouldBe(1);
        await using (var session = hosts[0].Services.GetRequiredService<IEventStore>().OpenQuerySession())
            (await session.Events.FetchStreamAsync("seeded", Cancellation)).Count.ShouldBe(1);

        await Task.WhenAll(hosts.Select(static host => host.StopAsync(Cancellation)));
        hosts.ForEach(static host => host.Dispose());
    }

    [Fact]
    public async Task A_seed_that_fails_leaves_nothing_and_is_written_by_the_next_start()
    {
        using var first = _host.Build(static builder => builder.ApplySchemaOnStartup().SeedWith("accounts", static async (session, token) =>
        {
            session.Events.Append("seeded", new NoteTaken("first"));
            await session.SaveChangesAsync(token);
            throw new NotSupportedException("Out of accounts.");
        }));
        await Should.ThrowAsync<NotSupportedException>(() => first.StartAsync(Cancellation));

        using var second = _host.Build(static builder => builder.AssertSchemaOnStartup().SeedWith("accounts", static (session, _) =>
        {
            session.Events.Append("seeded", new NoteTaken("second"));
            return Task.CompletedTask;
        }));
        await second.StartAsync(Cancellation);

        await using var session = second.Services.GetRequiredService<IEventStore>().OpenQuerySession();
        (await session.Events.FetchStreamAsync("seeded", Cancellation)).ShouldHaveSingleItem().Data.ShouldBe(new NoteTaken("second"));
    }

    [Fact]
    public async Task A_seed_reads_what_the_seed_before_it_wrote_and_uses_other_services()
    {
        using var host = _host.Build(static builder =>
        {
            builder.Services.AddScoped(static _ => new NoteTaken("from a service"));
            builder.ApplySchemaOnStartup()
                .SeedWith("first", static (services, session, _) =>
                {
                    session.Events.Append("seeded", services.GetRequiredService<NoteTaken>());
                    return Task.CompletedTask;
                })
                .SeedWith("second", static async (session, token) =>
                {
                    var found = await session.Events.FetchStreamAsync("seeded", token);
                    session.Events.Append("seeded", ExpectedVersion.Exactly(1), new NoteTaken($"{found.Count} found"));
                });
        });

        await host.StartAsync(Cancellation);

        await using var session = host.Services.GetRequiredService<IEventStore>().OpenQuerySession();
        (await session.Events.FetchStreamAsync("seeded", Cancellation)).Select(static e => e.Data)
            .ShouldBe([new NoteTaken("from a service"), new NoteTaken("1 found")]);
    }

    [Fact]
    public async Task A_seed_of_a_tenant_is_written_once_by_a_session_of_the_tenant()
    {
        for (var start = 0; start < 2; start++)
        {
            using var host = _host.Build(static builder =>
            {
                builder.Services.AddSingleton(new NoteTaken("from a service"));
                builder.ApplySchemaOnStartup()
                    .SeedWith("notes-north", "north", static (session, _) =>
                    {
                        session.Events.Append("seeded", new NoteTaken(session.TenantId.ToString()));
                        return Task.CompletedTask;
                    })
                    .SeedWith("notes-south", "south", static (services, session, _) =>
                    {
                        session.Events.Append("seeded", services.GetRequiredService<NoteTaken>());
                        return Task.CompletedTask;
                    });
            });
            await host.StartAsync(Cancellation);

            (await NotesAsync(host, "north")).ShouldBe(["north"]);
            (await NotesAsync(host, "south")).ShouldBe(["from a service"]);
            (await NotesAsync(host, TenantId.Default)).ShouldBeEmpty();
        }

        static async Task<IEnumerable<string>> NotesAsync(IHost host, TenantId tenant)
        {
            await using var session = host.Services.GetRequiredService<IEventStore>().OpenQuerySession(tenant);
            return [.. (await session.Events.FetchStreamAsync("seeded", Cancellation)).Select(static e => ((NoteTaken)e.Data).Text)];
        }
    }

    [Fact]
    public async Task A_process_that_hangs_while_it_seeds_makes_the_others_fail_with_its_name()
    {
        var hangs = new TaskCompletionSource();
        var isSeeding = new TaskCompletionSource();
        var connection = new NpgsqlConnectionStringBuilder(_host.ConnectionString) { ApplicationName = "hanging" };
        using var hanging = _host.Build(
            builder => builder.ApplySchemaOnStartup().SeedWith("accounts", (_, _) =>
            {
                isSeeding.SetResult();
                return hangs.Task;
            }),
            connectionString: connection.ConnectionString);
        var start = hanging.StartAsync(Cancellation);
        await isSeeding.Task.WaitAsync(Cancellation);

        using var other = _host.Build(
            static builder => builder.AssertSchemaOnStartup().SeedWith("accounts", static (_, _) => Task.CompletedTask),
            static options => options.Startup.SchemaPatience = TimeSpan.FromMilliseconds(200));
        var failure = await Should.ThrowAsync<SeedLockedException>(() => other.StartAsync(Cancellation));

        failure.Seed.ShouldBe("accounts");
        failure.Holder.ShouldNotBeNull().ApplicationName.ShouldBe("hanging");
        hangs.SetResult();
        await start;
    }

    [Fact]
    public async Task A_process_that_hangs_while_it_changes_a_schema_makes_the_others_fail_with_its_name()
    {
        // In a database of its own: the lock is for all stores of a database.
        var connection = new NpgsqlConnectionStringBuilder(_host.ConnectionString)
        {
            Database = $"start_{Guid.NewGuid():N}",
            Pooling = false,
        };
        await Database.AskAsync(_host.ConnectionString, $"create database {connection.Database}");
        await using var hanging = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connection.ConnectionString) { ApplicationName = "hanging" }.ConnectionString);
        await hanging.OpenAsync(Cancellation);
        await using var transaction = await hanging.BeginTransactionAsync(Cancellation);
        await using var hold = new NpgsqlCommand("select pg_advisory_xact_lock(1178949203, 1)", hanging);
        await hold.ExecuteNonQueryAsync(Cancellation);

        using var host = _host.Build(
            static builder => builder.ApplySchemaOnStartup(),
            static options => options.Startup.SchemaPatience = TimeSpan.FromMilliseconds(200),
            connection.ConnectionString);
        var failure = await Should.ThrowAsync<SchemaLockedException>(() => host.StartAsync(Cancellation));

        failure.Holder.ShouldNotBeNull().ApplicationName.ShouldBe("hanging");
        await hanging.CloseAsync();
        await Database.AskAsync(_host.ConnectionString, $"drop database {connection.Database} with (force)");
    }

    [Fact]
    public async Task A_host_that_waits_for_the_schema_starts_once_another_has_applied_it()
    {
        using var waiting = _host.Build(static builder => builder.WaitForSchemaOnStartup());
        var start = waiting.StartAsync(Cancellation);
        start.IsCompleted.ShouldBeFalse();

        using var applying = _host.Build(static builder => builder.ApplySchemaOnStartup());
        await applying.StartAsync(Cancellation);

        await start;
    }

    [Fact]
    public async Task A_host_that_waits_for_the_schema_in_vain_or_asserts_it_says_what_is_missing()
    {
        using var waiting = _host.Build(
            static builder => builder.WaitForSchemaOnStartup(),
            static options => options.Startup.SchemaPatience = TimeSpan.FromSeconds(2));
        using var asserting = _host.Build(static builder => builder.AssertSchemaOnStartup());

        (await Should.ThrowAsync<SchemaMismatchException>(() => waiting.StartAsync(Cancellation))).Sql.ShouldContain("create table");
        (await Should.ThrowAsync<SchemaMismatchException>(() => asserting.StartAsync(Cancellation))).Sql.ShouldContain("create table");
    }

    [Fact]
    public async Task A_database_that_comes_up_later_is_waited_for()
    {
        await using var proxy = new TcpProxy(_host.ConnectionString);
        proxy.BreakNext(TcpProxy.Break.BeforeTheServerGetsIt);
        using var host = _host.Build(static builder => builder.ApplySchemaOnStartup(), connectionString: proxy.ConnectionString);

        await host.StartAsync(Cancellation);

        proxy.Met.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_database_that_never_comes_up_is_one_clear_error_without_the_password()
    {
        var connection = new NpgsqlConnectionStringBuilder(_host.ConnectionString) { Host = "127.0.0.1", Port = 1, Password = "secret" };
        using var host = _host.Build(
            static builder => builder.ApplySchemaOnStartup(),
            static options => options.Startup.DatabasePatience = TimeSpan.FromMilliseconds(300),
            connection.ConnectionString);

        var failure = await Should.ThrowAsync<DatabaseUnavailableException>(() => host.StartAsync(Cancellation));

        failure.Attempts.ShouldBeGreaterThan(1);
        failure.Waited.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(300));
        failure.InnerException.ShouldBeOfType<NpgsqlException>();
        failure.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_server_that_takes_connections_and_never_answers_is_not_waited_for_longer_than_it_is_allowed()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var connection = new NpgsqlConnectionStringBuilder(_host.ConnectionString)
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)silent.LocalEndpoint).Port, Password = "secret", Timeout = 600,
        };
        using var host = _host.Build(
            static builder => builder.ApplySchemaOnStartup(),
            static options => options.Startup.DatabasePatience = TimeSpan.FromMilliseconds(300),
            connection.ConnectionString);

        var failure = await Should.ThrowAsync<DatabaseUnavailableException>(() => host.StartAsync(Cancellation));

        failure.Waited.ShouldBeLessThan(TimeSpan.FromSeconds(300));
        failure.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_not_waited_for()
    {
        var connection = new NpgsqlConnectionStringBuilder(_host.ConnectionString) { Database = "missing_entirely" };
        using var host = _host.Build(static builder => builder.ApplySchemaOnStartup(), connectionString: connection.ConnectionString);

        (await Should.ThrowAsync<PostgresException>(() => host.StartAsync(Cancellation))).SqlState
            .ShouldBe(PostgresErrorCodes.InvalidCatalogName);
    }

    [Fact]
    public async Task A_host_that_is_stopped_while_it_waits_stops()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var host = _host.Build(static builder => builder.WaitForSchemaOnStartup());
        var start = host.StartAsync(stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => start);
    }

    [Fact]
    public async Task A_wrong_configuration_shows_at_the_start()
    {
        using var host = _host.Build(static _ => { }, static options => options.Schema = "No Name");

        (await Should.ThrowAsync<EventStoreConfigurationException>(() => host.StartAsync(Cancellation))).Faults.ShouldHaveSingleItem()
            .Option.ShouldBe("Schema");
    }

    [Fact]
    public async Task Stopping_the_host_closes_the_connections_of_the_store_and_leaves_a_data_source_of_the_application_alone()
    {
        await using var dataSource = NpgsqlDataSource.Create(_host.ConnectionString);
        IEventStore store;
        using (var host = _host.Build(
            builder => builder.ApplySchemaOnStartup().Services.AddSingleton(dataSource)))
        {
            await host.StartAsync(Cancellation);
            store = host.Services.GetRequiredService<IEventStore>();
            await host.StopAsync(Cancellation);
        }

        Should.Throw<ObjectDisposedException>(() => store.OpenSession());
        await using var connection = await dataSource.OpenConnectionAsync(Cancellation);
    }

    private sealed class Probe(Func<CancellationToken, Task> look) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => look(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
