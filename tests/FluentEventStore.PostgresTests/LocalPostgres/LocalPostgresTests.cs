using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FluentEventStore.Fetching;
using FluentEventStore.Installations;
using FluentEventStore.Servers;
using Npgsql;

namespace FluentEventStore.PostgresTests;

public sealed class LocalPostgresTests
{
    private static readonly IInstallationSearch[] Programs = [InstallationSearch.OfThisSystem(), CachedInstallations.OfThisSystem()];

    [Fact]
    public async Task A_started_server_answers_and_is_recent_durable_and_in_Unicode()
    {
        await using var postgres = await StartAsync(new LocalPostgresOptions());

        (await Database.AskAsync(postgres.ConnectionString, "select 1")).ShouldBe(1);
        var version = (string)(await Database.AskAsync(postgres.ConnectionString, "show server_version_num"))!;
        int.Parse(version, CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(140000);
        (await Database.AskAsync(postgres.ConnectionString, "show fsync")).ShouldBe("on");
        (await Database.AskAsync(postgres.ConnectionString, "show synchronous_commit")).ShouldBe("on");
        (await Database.AskAsync(postgres.ConnectionString, "show server_encoding")).ShouldBe("UTF8");
        (await Database.AskAsync(postgres.ConnectionString, "show timezone")).ShouldBe("UTC");
        (await Database.AskAsync(postgres.ConnectionString, "select upper('é') || ('Z' < 'a')::text")).ShouldBe("Étrue");
    }

    [Fact]
    public async Task Only_the_loopback_address_and_the_right_password_lead_in()
    {
        await using var postgres = await StartAsync(new LocalPostgresOptions());

        (await Database.AskAsync(postgres.ConnectionString, "show listen_addresses")).ShouldBe("127.0.0.1");
        (await Database.AskAsync(postgres.ConnectionString, "show unix_socket_directories")).ShouldBe("");
        var intruder = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess" }.ConnectionString;
        (await Should.ThrowAsync<PostgresException>(() => Database.AskAsync(intruder, "select 1")))
            .SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task Settings_reach_the_server_whatever_characters_they_hold()
    {
        const string Value = "it's a \\ \"test\"\nof two lines";
        await using var postgres = await StartAsync(new LocalPostgresOptions
        {
            Settings = { ["max_connections"] = "33", ["fluent.note"] = Value },
        });

        (await Database.AskAsync(postgres.ConnectionString, "show max_connections")).ShouldBe("33");
        (await Database.AskAsync(postgres.ConnectionString, "show fluent.note")).ShouldBe(Value);
    }

    [Fact]
    public async Task Disposing_stops_the_server_and_removes_its_temporary_folder()
    {
        var postgres = await StartAsync(new LocalPostgresOptions());
        var folder = await FolderAsync(postgres);
        Directory.Exists(folder).ShouldBeTrue();

        await postgres.DisposeAsync();
        await postgres.DisposeAsync();

        Directory.Exists(folder).ShouldBeFalse();
        (await Database.AnswersAsync(postgres.ConnectionString)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_given_data_directory_is_kept_and_continues_with_its_data()
    {
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("kept") };
        await using (var first = await StartAsync(options))
            await Database.AskAsync(first.ConnectionString, "create table note as select 'remember' as text");

        await using var second = await StartAsync(options);

        (await Database.AskAsync(second.ConnectionString, "select text from note")).ShouldBe("remember");
    }

    [Fact]
    public async Task Servers_that_start_at_once_do_not_disturb_each_other()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(new LocalPostgresOptions())));

        servers.Select(server => server.ConnectionString).Distinct().Count().ShouldBe(3);
        foreach (var server in servers)
        {
            (await Database.AnswersAsync(server.ConnectionString)).ShouldBeTrue();
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_port_that_somebody_takes_before_the_server_does_is_replaced_by_another()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        var asked = 0;

        await SkipWithoutInstallationAsync();
        await using var postgres = await LocalPostgres.StartAsync(
            new LocalPostgresOptions(),
            Local(() => asked++ == 0 ? ((IPEndPoint)listener.LocalEndpoint).Port : FreePort.Choose()),
            TestContext.Current.CancellationToken);

        (await Database.AnswersAsync(postgres.ConnectionString)).ShouldBeTrue();
        asked.ShouldBeGreaterThan(1);
    }

    internal static async Task<LocalPostgres> StartAsync(LocalPostgresOptions options)
    {
        await SkipWithoutInstallationAsync();
        return await LocalPostgres.StartAsync(options, Local(FreePort.Choose), TestContext.Current.CancellationToken);
    }

    /// <summary>What is installed, or else what an earlier start has fetched.</summary>
    internal static IReadOnlyList<IServerSource> Local(Func<int> choosePort) =>
        [.. Programs.Select(programs => new InstalledSource(programs, choosePort))];

    internal static async Task SkipWithoutInstallationAsync()
    {
        foreach (var programs in Programs)
        {
            if ((await programs.FindAsync([], CancellationToken.None)).Count > 0)
                return;
        }

        Assert.Skip($"No PostgreSQL is installed. {InstallationAdvice.ForThisSystem()}.");
    }

    internal static Task<string> FolderAsync(LocalPostgres postgres) => FolderAsync(postgres.ConnectionString);

    internal static async Task<string> FolderAsync(string connectionString) =>
        Path.GetDirectoryName((string)(await Database.AskAsync(connectionString, "show data_directory"))!)!;
}
