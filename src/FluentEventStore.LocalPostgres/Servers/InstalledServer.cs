using System.Globalization;
using FluentEventStore.Installations;
using FluentEventStore.Processes;
using Npgsql;

namespace FluentEventStore.Servers;

/// <summary>A server of an installed PostgreSQL, in a folder of ours.</summary>
internal sealed class InstalledServer(ServerFolder folder, PostgresInstallation installation, ServerUser user) : IServer
{
    public const string SuperUser = "postgres";

    private const int PortAttempts = 10;

    private Keeper? _keeper;

    public string ConnectionString { get; private set; } = "";

    public async Task StartAsync(LocalPostgresOptions options, Func<int> choosePort, CancellationToken cancellationToken)
    {
        _keeper = Keeper.Start(folder, installation, user);

        // Its owner is dead, or the folder would not be ours.
        await StopAsync().ConfigureAwait(false);

        // The other user must pass through the folder, but need not list it.
        if (user.Name is not null && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                folder.Location, File.GetUnixFileMode(folder.Location) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        if (!folder.Data.Exists)
            await InitializeAsync(cancellationToken).ConfigureAwait(false);

        for (var attempt = 1; ; attempt++)
        {
            var port = choosePort();
            await ConfigureAsync(options, port, cancellationToken).ConfigureAwait(false);
            var start = await RunAsync(
                [
                    installation.PgCtl, "start", "--silent", "--wait", "-D", folder.Data.Location, "-l", folder.Log,
                    "-o", $"-c config_file={Quote(folder.Settings)}",
                    "-t", Math.Ceiling(options.StartTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture),
                ],
                capture: !OperatingSystem.IsWindows(),
                cancellationToken).ConfigureAwait(false);
            if (start.ExitCode == 0)
            {
                ConnectionString = Describe(port);
                return;
            }

            var log = EndOfLog();
            var portWasTaken = log?.Contains("could not bind", StringComparison.Ordinal) ?? false;
            if (!portWasTaken || attempt == PortAttempts)
            {
                throw new LocalPostgresException(
                    $"PostgreSQL {installation.Major} did not start on '{folder.Data.Location}'.", output: start.Output, serverLog: log);
            }
        }
    }

    /// <summary>The last lines of the server's log; null if there are none.</summary>
    public string? EndOfLog()
    {
        try
        {
            return string.Join(Environment.NewLine, File.ReadLines(folder.Log).TakeLast(20)) is { Length: > 0 } lines ? lines : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        if (folder.IsTemporary)
            await folder.DeleteAsync(user).ConfigureAwait(false);

        _keeper?.Dismiss();
        folder.Dispose();
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        // Renamed when complete, so that an interrupted start leaves no half-made data.
        await folder.UnfinishedData.DeleteAsync(user).ConfigureAwait(false);
        Directory.CreateDirectory(folder.UnfinishedData.Location);
        folder.Password();
        await user.OwnAsync(folder.UnfinishedData.Location, cancellationToken).ConfigureAwait(false);
        await user.OwnAsync(folder.PasswordFile, cancellationToken).ConfigureAwait(false);

        string[] durability = folder.IsTemporary ? ["--no-sync"] : [];
        var initdb = await RunAsync(
            [
                installation.InitDb,
                "-D",
                folder.UnfinishedData.Location,
                "--username",
                SuperUser,
                "--pwfile",
                folder.PasswordFile,
                "--auth=scram-sha-256",
                "--no-instructions", "--encoding=UTF8", .. Locale(), .. durability,
            ],
            capture: true,
            cancellationToken).ConfigureAwait(false);
        if (initdb.ExitCode != 0)
        {
            throw new LocalPostgresException(
                $"PostgreSQL {installation.Major} could not create its files in '{folder.Location}'.", output: initdb.Output);
        }

        Directory.Move(folder.UnfinishedData.Location, folder.Data.Location);
    }

    // Ordered by code point everywhere, with upper and lower case of all letters if the system can do it.
    private string[] Locale() =>
        installation.Major >= 17 ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        : OperatingSystem.IsLinux() ? ["--locale=C", "--lc-ctype=C.UTF-8"]
        : ["--locale=C"];

    private async Task ConfigureAsync(LocalPostgresOptions options, int port, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["timezone"] = "UTC" };
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        settings["port"] = port.ToString(CultureInfo.InvariantCulture);
        settings["listen_addresses"] = "127.0.0.1";
        settings["unix_socket_directories"] = "";

        // Beside the data: in the data folder only the server's user writes.
        await WriteForServerAsync(
            folder.Settings,
            $"""
            # Written at every start.
            include '{Escape(Path.Combine(folder.Data.Location, "postgresql.conf"))}'
            {string.Join('\n', settings.Select(setting => $"{setting.Key} = '{Escape(setting.Value)}'"))}

            """,
            cancellationToken).ConfigureAwait(false);

        // A failed start reports only what this start logged.
        await WriteForServerAsync(folder.Log, "", cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteForServerAsync(string path, string content, CancellationToken cancellationToken)
    {
        await ServerFolder.WriteAsync(path, content, cancellationToken).ConfigureAwait(false);
        await user.OwnAsync(path, cancellationToken).ConfigureAwait(false);
    }

    // For the shell through which pg_ctl starts the server.
    private static string Quote(string path) =>
        OperatingSystem.IsWindows() ? $"\"{path}\"" : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string Escape(string value) => value
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("'", "''", StringComparison.Ordinal)
        .Replace("\n", @"\n", StringComparison.Ordinal)
        .Replace("\r", @"\r", StringComparison.Ordinal);

    private string Describe(int port) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = SuperUser,
        Password = folder.Password(),
        Database = "postgres",
    }.ConnectionString;

    // Kept data gets time for a last checkpoint, but is safe without it.
    private async Task StopAsync()
    {
        string[] modes = folder.IsTemporary ? ["immediate"] : ["fast", "immediate"];
        foreach (var mode in modes)
        {
            if (folder.Data.Server is null || !await OwnFolders.ContainAsync(folder.Location, CancellationToken.None).ConfigureAwait(false))
                return;

            await RunAsync(
                [installation.PgCtl, "stop", "--silent", "--wait", "-D", folder.Data.Location, "-m", mode, "-t", "30"],
                capture: true,
                CancellationToken.None).ConfigureAwait(false);
        }
    }

    private Task<Command> RunAsync(IReadOnlyList<string> words, bool capture, CancellationToken cancellationToken) =>
        Command.RunAsync(user.Run(words), folder.Location, capture, cancellationToken);
}
