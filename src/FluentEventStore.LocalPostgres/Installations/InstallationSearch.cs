using FluentEventStore.Processes;

namespace FluentEventStore.Installations;

/// <summary>Looks for PostgreSQL's programs on the search path and then where installers put them.</summary>
/// <param name="searchPath">Folders as in PATH.</param>
/// <param name="patterns">Folders; one segment of each may hold a <c>*</c>. The highest version of a pattern is preferred.</param>
internal sealed class InstallationSearch(string searchPath, IReadOnlyList<string> patterns) : IInstallationSearch
{
    public const int LowestMajor = 14;

    public static InstallationSearch OfThisSystem() => new(
        Environment.GetEnvironmentVariable("PATH") ?? "",
        OperatingSystem.IsWindows()
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL", "*", "bin")]
        : OperatingSystem.IsMacOS() ?
        [
            "/opt/homebrew/opt/postgresql@*/bin",
            "/usr/local/opt/postgresql@*/bin",
            "/Applications/Postgres.app/Contents/Versions/*/bin",
        ]
        : ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin"]);

    public async Task<IReadOnlyList<PostgresInstallation>> FindAsync(ICollection<string> tried, CancellationToken cancellationToken)
    {
        List<PostgresInstallation> found = [];
        var user = await ServerUser.ChooseAsync(cancellationToken).ConfigureAwait(false);
        var onPath = searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        found.AddRange(await ReadAsync("PATH", onPath, user, tried, cancellationToken).ConfigureAwait(false));
        foreach (var pattern in patterns)
        {
            var installations = await ReadAsync(pattern, Expand(pattern), user, tried, cancellationToken).ConfigureAwait(false);
            found.AddRange(installations.OrderByDescending(installation => installation.Major));
        }

        return found;
    }

    private static async Task<List<PostgresInstallation>> ReadAsync(
        string place, IEnumerable<string> folders, ServerUser user, ICollection<string> tried, CancellationToken cancellationToken)
    {
        List<PostgresInstallation> usable = [];
        List<string> refused = [];
        foreach (var folder in folders.Where(PostgresInstallation.IsIn))
        {
            var installation = await PostgresInstallation.ReadAsync(folder, user, cancellationToken).ConfigureAwait(false);
            if (installation is null)
                refused.Add($"the programs in {folder} do not run{user.Suffix}");
            else if (installation.Major < LowestMajor)
                refused.Add($"{folder} holds version {installation.Major}, older than {LowestMajor}");
            else
                usable.Add(installation);
        }

        if (usable.Count == 0)
            tried.Add($"{place}: {(refused.Count == 0 ? "no PostgreSQL programs" : string.Join("; ", refused))}");
        return usable;
    }

    private static IEnumerable<string> Expand(string pattern)
    {
        var segments = pattern.Split(['/', '\\']);
        var starred = Array.FindIndex(segments, segment => segment.Contains('*', StringComparison.Ordinal));
        if (starred < 0)
            return [pattern];

        var parent = string.Join(Path.DirectorySeparatorChar, segments[..starred]);
        var rest = Path.Combine(segments[(starred + 1)..]);
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, segments[starred]).Select(folder => Path.Combine(folder, rest))
            : [];
    }
}
