using FluentEventStore.Installations;
using FluentEventStore.Processes;
using FluentEventStore.Servers;
using Npgsql;

namespace FluentEventStore.PostgresTests.Store;

/// <summary>A primary and a standby that follows it by streaming replication.</summary>
internal sealed class StandbyPair : IAsyncDisposable
{
    private readonly FluentEventStore.LocalPostgres _primary;
    private readonly FluentEventStore.LocalPostgres _standby;
    private readonly TemporaryFolder _folder;

    private StandbyPair(FluentEventStore.LocalPostgres primary, FluentEventStore.LocalPostgres standby, TemporaryFolder folder)
    {
        (_primary, _standby, _folder) = (primary, standby, folder);
        var first = new NpgsqlConnectionStringBuilder(primary.ConnectionString);
        var second = new NpgsqlConnectionStringBuilder(standby.ConnectionString);

        // The standby comes first: a caller that asks for no primary gets it.
        first.Host = $"{second.Host}:{second.Port},{first.Host}:{first.Port}";
        first.HostRecheckSeconds = 1;
        first.Remove("Port");
        ConnectionString = first.ConnectionString;
    }

    /// <summary>Names both hosts.</summary>
    public string ConnectionString { get; }

    /// <summary>Names the primary alone.</summary>
    public string Primary => _primary.ConnectionString;

    /// <summary>Names the standby alone. Its password is that of the primary, which it is a copy of.</summary>
    public string Standby => new NpgsqlConnectionStringBuilder(_standby.ConnectionString)
    {
        Password = new NpgsqlConnectionStringBuilder(Primary).Password
    }.ConnectionString;

    public static async Task<StandbyPair> StartOrSkipAsync()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable(FluentEventStore.LocalPostgres.EnvironmentVariable) is { Length: > 0 },
            $"{FluentEventStore.LocalPostgres.EnvironmentVariable} names one server, and a standby needs two of our own: unset it.");
        var isInstalled = ServerSources.Choose(Environment.GetEnvironmentVariable(ServerSources.Variable))[0] == ServerSources.Installed;
        var installed = isInstalled ? await InstallationSearch.OfThisSystem().FindAsync([], CancellationToken.None) : [];
        var copying = installed
            .Where(installation => installation.Major == installed[0].Major)
            .Select(installation => Path.Combine(installation.Folder, "pg_basebackup"))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(
            copying is null, $"No installed PostgreSQL has pg_basebackup, which makes standbys. {InstallationAdvice.ForThisSystem()}.");

        var folder = new TemporaryFolder();
        var primary = await FluentEventStore.LocalPostgres.StartAsync();
        try
        {
            var location = folder.Child("standby");
            await CopyAsync(new NpgsqlConnectionStringBuilder(primary.ConnectionString), copying, location);
            return new StandbyPair(
                primary, await FluentEventStore.LocalPostgres.StartAsync(new LocalPostgresOptions { DataDirectory = location }), folder);
        }
        catch
        {
            await primary.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the standby has all that the primary has committed so far.</summary>
    public async Task CatchUpAsync()
    {
        var written = await Database.AskAsync(_primary.ConnectionString, "select pg_current_wal_lsn()::text");
        await Eventually.BecomesTrueAsync(
            async () => await Database.AskAsync(_standby.ConnectionString, $"select pg_last_wal_replay_lsn() >= '{written}'") is true,
            "the standby has caught up");
    }

    public async Task PauseStandbyAsync()
    {
        // This only asks for it.
        await Database.AskAsync(_standby.ConnectionString, "select pg_wal_replay_pause()");
        await Eventually.BecomesTrueAsync(
            async () => await Database.AskAsync(_standby.ConnectionString, "select pg_get_wal_replay_pause_state()") is "paused",
            "the standby replays nothing");
    }

    /// <summary>Lets the standby take over without what the primary commits from now on, which is gone then.</summary>
    public async Task StopReceivingAsync()
    {
        await Database.AskAsync(_standby.ConnectionString, "alter system set primary_conninfo = ''");
        await Database.AskAsync(_standby.ConnectionString, "select pg_reload_conf()");
        await Eventually.BecomesTrueAsync(
            async () => await Database.AskAsync(_standby.ConnectionString, "select count(*) from pg_stat_wal_receiver") is 0L,
            "the standby receives nothing");
    }

    /// <summary>The primary ends, and the standby takes over.</summary>
    public async Task FailOverAsync()
    {
        await _primary.DisposeAsync();
        await Database.AskAsync(_standby.ConnectionString, "select pg_promote()");
    }

    public Task ResumeStandbyAsync() => Database.AskAsync(_standby.ConnectionString, "select pg_wal_replay_resume()");

    public async ValueTask DisposeAsync()
    {
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
        _folder.Dispose();
    }

    // The folder as LocalPostgres keeps one, with the data of the primary in it.
    private static async Task CopyAsync(NpgsqlConnectionStringBuilder primary, string copying, string location)
    {
        var user = await ServerUser.ChooseAsync(CancellationToken.None);
        Directory.CreateDirectory(location);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            File.SetUnixFileMode(location, Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        await File.WriteAllTextAsync(Path.Combine(location, "password"), primary.Password);
        await File.WriteAllTextAsync(Path.Combine(location, "fluenteventstore.lock"), "");
        var data = Path.Combine(location, "data");
        Directory.CreateDirectory(data);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await user.OwnAsync(data, CancellationToken.None);
        var backup = await Command.RunAsync(
            user.Run(
                copying, "-D", data, "-R", "-c", "fast", "-X", "stream", "--no-sync",
                "-d", $"host={primary.Host} port={primary.Port} user={primary.Username} password={primary.Password}"),
            location,
            capture: true,
            CancellationToken.None);
        backup.ExitCode.ShouldBe(0, backup.Output);
    }
}
