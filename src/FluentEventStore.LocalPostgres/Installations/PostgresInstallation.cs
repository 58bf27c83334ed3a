using System.Globalization;
using System.Text.RegularExpressions;
using FluentEventStore.Processes;

namespace FluentEventStore.Installations;

/// <summary>The programs of one PostgreSQL version.</summary>
internal sealed partial record PostgresInstallation(string Folder, int Major)
{
    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    public string InitDb => Program(Folder, "initdb");

    public string PgCtl => Program(Folder, "pg_ctl");

    public static bool IsIn(string folder) => Programs.All(program => File.Exists(Program(folder, program)));

    /// <summary>
    /// Null if the programs do not run as the user who will run the server. Root runs nothing that other users can put on the search path.
    /// </summary>
    public static async Task<PostgresInstallation?> ReadAsync(string folder, ServerUser user, CancellationToken cancellationToken)
    {
        var version = await Command.RunAsync(user.Run(Program(folder, "pg_ctl"), "--version"), folder, capture: true, cancellationToken)
            .ConfigureAwait(false);
        var match = MajorVersion().Match(version.Output);
        return version.ExitCode == 0 && match.Success
            ? new PostgresInstallation(folder, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    private static string Program(string folder, string name) =>
        Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex MajorVersion();
}
