using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FluentEventStore.Fetching;

/// <summary>One hash for all files of a folder.</summary>
internal static class ContentHash
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    /// <summary>
    /// The SHA-256, in lower-case digits, of the list that <c>sha256sum</c> prints for the files in the order of their paths.
    /// </summary>
    /// <remarks>
    /// Files whose names begin with a dot are left out: packers lose some of them, and PostgreSQL reads none. Links have no content.
    /// </remarks>
    /// <exception cref="IOException">A link leads out of the folder.</exception>
    public static async Task<string> OfAsync(string folder, CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything))
        {
            if (file.LinkTarget is not null)
                RefuseOutside(file, folder);
            else if (file is FileInfo && !file.Name.StartsWith('.'))
                files.Add(Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), file.FullName);
        }

        using var list = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, path) in files)
        {
            var content = File.OpenRead(path);
            await using (content.ConfigureAwait(false))
            {
                var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
                list.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{hash}  {name}\n")));
            }
        }

        return Convert.ToHexStringLower(list.GetHashAndReset());
    }

    private static void RefuseOutside(FileSystemInfo link, string folder)
    {
        var target = link.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        if (target is null || !target.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new IOException($"The link '{link.FullName}' leads to '{target}'.");
    }
}
