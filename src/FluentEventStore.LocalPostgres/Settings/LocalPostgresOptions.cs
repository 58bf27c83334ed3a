using System.Text.RegularExpressions;

namespace FluentEventStore;

/// <summary>
/// How <see cref="LocalPostgres"/> starts its server. Ignored when <see cref="LocalPostgres.EnvironmentVariable"/> names one.
/// </summary>
public sealed partial class LocalPostgresOptions
{
    private static readonly string[] DecidedByLocalPostgres = ["port", "listen_addresses", "unix_socket_directories", "data_directory"];

    /// <summary>The folder that keeps the server's data, its password and its log between starts.</summary>
    /// <value>
    /// A folder that is missing, empty, or was used by <see cref="LocalPostgres"/> before; PostgreSQL's own files are in its subfolder
    /// <c>data</c>. One process can use it at a time. It must be no link and belong to this user, and no other user may write in it.
    /// Default: null, a temporary folder that is removed with the server.
    /// </value>
    public string? DataDirectory { get; set; }

    /// <summary>Server settings by their name in <c>postgresql.conf</c>, for instance <c>max_connections</c>.</summary>
    /// <value>Empty by default: PostgreSQL's defaults, with the time zone UTC. Port, addresses and directories cannot be set.</value>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long a PostgreSQL on this machine may take to create its files and to start.</summary>
    /// <value>Greater than zero. Default: 60 s. It limits no download, neither of programs nor of an image of Docker.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan StartTimeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(60);

    internal void Validate()
    {
        List<string> faults = [];
        if (DataDirectory is not null && string.IsNullOrWhiteSpace(DataDirectory))
            faults.Add($"{nameof(DataDirectory)} is blank; null means temporary.");

        foreach (var name in Settings.Keys)
        {
            if (!SettingName().IsMatch(name))
                faults.Add($"'{name}' is not the name of a server setting.");
            else if (DecidedByLocalPostgres.Contains(name, StringComparer.OrdinalIgnoreCase))
                faults.Add($"LocalPostgres itself sets '{name}': leave it out.");
        }

        if (faults.Count > 0)
            throw new ArgumentException(string.Join(" ", faults), "options");
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?\z")]
    private static partial Regex SettingName();
}
