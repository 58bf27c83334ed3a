using System.Runtime.InteropServices;
using FluentEventStore.Fetching;

namespace FluentEventStore.PostgresTests;

public sealed class CacheTests
{
    [Theory]
    [InlineData("/ada/.cache/fluenteventstore/binaries")]
    [InlineData("/caches/fluenteventstore/binaries", "XDG_CACHE_HOME", "/caches")]
    [InlineData("/ada/.cache/fluenteventstore/binaries", "XDG_CACHE_HOME", "caches")]
    [InlineData("/ada/.cache/fluenteventstore/binaries", "XDG_CACHE_HOME", "/caches", " ")]
    [InlineData("/own", "XDG_CACHE_HOME", "/caches", "/own")]
    public void On_Linux_the_cache_is_where_XDG_says(string expected, string? name = null, string? value = null, string? own = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The paths are those of Unix.");
        if (own == " ")
            (name, value) = (CacheFolder.Variable, own);
        CacheFolder.OfLinux(variable => variable == CacheFolder.Variable ? own : variable == name ? value : null, isRoot: false, "/ada")
            .ShouldBe(expected);
    }

    [Fact]
    public void The_cache_of_root_is_where_the_user_of_the_server_can_read_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The paths are those of Unix.");
        CacheFolder.OfLinux(static _ => null, isRoot: true, "/anywhere").ShouldBe("/var/cache/fluenteventstore/binaries");
        CacheFolder.OfMacOS(static _ => null, isRoot: true, "/anywhere").ShouldBe("/Library/Caches/fluenteventstore/binaries");
        CacheFolder.OfLinux(Own, isRoot: true, "/anywhere").ShouldBe("own");
    }

    [Fact]
    public void On_macOS_and_Windows_the_cache_is_among_those_of_the_user()
    {
        string Below(params string[] folders) => Path.Combine([.. folders, "fluenteventstore", "binaries"]);
        CacheFolder.OfMacOS(static _ => null, isRoot: false, "ada").ShouldBe(Below("ada", "Library", "Caches"));
        CacheFolder.OfWindows(static _ => null, "Local").ShouldBe(Below("Local"));
        CacheFolder.OfMacOS(Own, isRoot: false, "ada").ShouldBe("own");
        CacheFolder.OfWindows(Own, "Local").ShouldBe("own");
    }

    [Theory]
    [InlineData("linux", Architecture.X64, "linux-x64", "linux-x64")]
    [InlineData("linux", Architecture.X64, "ubuntu.24.04-x64", "linux-x64")]
    [InlineData("linux", Architecture.Arm64, "linux-musl-arm64", "linux-musl-arm64")]
    [InlineData("linux", Architecture.X64, "alpine.3.20-x64", "linux-musl-x64")]
    [InlineData("darwin", Architecture.Arm64, "osx-x64", "darwin-arm64")]
    [InlineData("windows", Architecture.X64, "win-x64", "windows-x64")]
    [InlineData("windows", Architecture.Arm64, "win-arm64", "windows-x64")]
    public void A_platform_is_named_as_its_package_is(string system, Architecture architecture, string runtime, string expected) =>
        KnownPackages.NamePlatform(system, architecture, runtime).ShouldBe(expected);

    [Fact]
    public void Each_known_package_has_its_hashes()
    {
        KnownPackages.All.Select(static package => package.Platform)
            .ShouldBe(["linux-x64", "linux-arm64", "linux-arm", "darwin-x64", "darwin-arm64", "windows-x64"]);
        KnownPackages.All.ShouldAllBe(static package => package.Version.Major == 18);
        KnownPackages.All.ShouldAllBe(static package => package.NpmVersion.StartsWith($"{package.Version}-"));
        KnownPackages.All.ShouldAllBe(static package => Convert.FromBase64String(package.NpmSha512).Length == 64);
        KnownPackages.All.ShouldAllBe(static package => Convert.FromHexString(package.ContentSha256).Length == 32);
        KnownPackages.All.Select(static package => package.NpmSha512).Distinct().Count().ShouldBe(6);
    }

    [Fact]
    public void The_newest_version_of_this_platform_comes_first()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "18.4.0-linux-x64", "18.10.0-linux-x64", "19.0.0-linux-arm64" })
            Directory.CreateDirectory(folder.Child($"postgresql-{name}"));
        Directory.CreateDirectory(folder.Child("unfinished-19.0.0-linux-x64"));

        new BinaryCache(folder.Location).Programs("linux-x64").Select(programs => Path.GetRelativePath(folder.Location, programs))
            .ShouldBe([Path.Combine("postgresql-18.10.0-linux-x64", "bin"), Path.Combine("postgresql-18.4.0-linux-x64", "bin")]);
    }

    private static string? Own(string name) => name == CacheFolder.Variable ? "own" : null;
}
