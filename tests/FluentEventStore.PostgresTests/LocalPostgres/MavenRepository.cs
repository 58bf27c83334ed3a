using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FluentEventStore.Processes;

namespace FluentEventStore.PostgresTests;

/// <summary>Serves PostgreSQL's programs as Maven's repository does: an archive by tar and xz in a jar, with its hash beside it.</summary>
internal sealed class MavenRepository : IDisposable
{
    public const string NoTools = "Maven's archives are packed by tar and xz. Install xz.";

    private readonly FileServer _files = new();

    private MavenRepository()
    {
    }

    public static bool HasTools => OperatingSystem.IsLinux() && (File.Exists("/usr/bin/xz") || File.Exists("/bin/xz"));

    public Uri Address => _files.Address;

    public IReadOnlyList<string> Requests => _files.Requests;

    public bool IsBroken
    {
        set => _files.IsBroken = value;
    }

    /// <param name="content">The folder that is served.</param>
    /// <param name="version">Of PostgreSQL.</param>
    /// <param name="hash">What stands beside the jar; <see langword="null"/>: its hash.</param>
    public static async Task<MavenRepository> ServeAsync(string content, Version version, string? hash = null)
    {
        using var folder = new TemporaryFolder();
        var archive = folder.Child("postgres-linux-x86_64.txz");
        var folders = Directory.EnumerateDirectories(content).Select(static name => Path.GetFileName(name)!);
        var start = Command.DescribeOwn(["tar", "-cJf", archive, .. folders], content);
        start.Environment["XZ_OPT"] = "-0";
        var packed = await Command.RunAsync(start, capture: true, TestContext.Current.CancellationToken);
        packed.ExitCode.ShouldBe(0, packed.Output);

        using var jar = new MemoryStream();
        await using (var zip = new ZipArchive(jar, ZipArchiveMode.Create, leaveOpen: true))
        {
            await zip.CreateEntryFromFileAsync(
                archive, Path.GetFileName(archive), CompressionLevel.NoCompression, TestContext.Current.CancellationToken);
        }

        var name = $"embedded-postgres-binaries-linux-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64v8" : "amd64")}";
        var path = $"io/zonky/test/postgres/{name}/{version}/{name}-{version}.jar";
        var repository = new MavenRepository();
        repository._files.Add(path, jar.ToArray());
        repository._files.Add($"{path}.sha256", Encoding.ASCII.GetBytes(hash ?? Convert.ToHexStringLower(SHA256.HashData(jar.ToArray()))));
        return repository;
    }

    public void Dispose() => _files.Dispose();
}
