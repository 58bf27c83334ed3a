using System.Diagnostics;
using System.Globalization;
using FluentEventStore.PostgresTests;
using FluentEventStore.Processes;
using FluentEventStore.Servers;
using Npgsql;

[assembly: AssemblyFixture(typeof(PgBouncer))]

namespace FluentEventStore.PostgresTests;

/// <summary>The one PgBouncer of this test assembly, in transaction mode; started by the first test that needs it.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    public const string HowToInstall = "PgBouncer is neither on PATH nor in /usr/sbin. Install the package pgbouncer.";

    // Fewer than the tests have clients, so that server connections do change hands.
    private const int ServerConnections = 6;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private string? _connectionString;

    public static bool IsInstalled => Program is not null;

    private static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, "pgbouncer"))
        .FirstOrDefault(File.Exists);

    /// <summary>Leads to the database of a connection string.</summary>
    public async Task<string> StartAsync(string connectionString)
    {
        await _gate.WaitAsync();
        try
        {
            return _connectionString ??= await StartAsync(new NpgsqlConnectionStringBuilder(connectionString));
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
        _gate.Dispose();
    }

    private async Task<string> StartAsync(NpgsqlConnectionStringBuilder server)
    {
        var port = FreePort.Choose();
        var configuration = Path.Combine(_folder.Location, "pgbouncer.ini");
        var target = string.Create(
            CultureInfo.InvariantCulture,
            $"host={server.Host} port={server.Port} dbname={server.Database} user={server.Username} password={server.Password}");
        await File.WriteAllTextAsync(
            configuration,
            string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            {server.Database} = {target}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = {ServerConnections}
            max_client_conn = 500

            """));
        var user = await ServerUser.ChooseAsync(CancellationToken.None);
        await user.OwnAsync(configuration, CancellationToken.None);
        await user.OwnAsync(_folder.Location, CancellationToken.None);

        // It ends when the pipe to this process is closed, however this process dies.
        var start = Command.Describe(
            user.Run("/bin/sh", "-c", "\"$1\" -q \"$2\" & cat >/dev/null; kill $!", "pgbouncer", Program!, configuration),
            _folder.Location);
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = server.Username,
            Database = server.Database,
            MaxPoolSize = 30,
            CancellationTimeout = server.CancellationTimeout,
        }.ConnectionString;
        await Eventually.BecomesTrueAsync(() => Database.AnswersAsync(connection), "PgBouncer answers");
        return connection;
    }
}
