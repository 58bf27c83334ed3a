using FluentEventStore.Servers;

namespace FluentEventStore.PostgresTests;

public sealed class ServerSourcesTests
{
    [Theory]
    [InlineData(null, new[] { "installed", "cached", "docker", "fetched" })]
    [InlineData(" ", new[] { "installed", "cached", "docker", "fetched" })]
    [InlineData("docker", new[] { "docker" })]
    [InlineData("fetched, installed", new[] { "fetched", "installed" })]
    public void The_environment_says_what_is_tried_and_in_which_order(string? value, string[] expected) =>
        ServerSources.Choose(value).ShouldBe(expected);

    [Fact]
    public void A_source_that_does_not_exist_is_refused_with_those_that_do()
    {
        var failure = Should.Throw<LocalPostgresException>(() => ServerSources.Choose("installed,podman,Docker"));

        failure.Message.ShouldStartWith("The environment variable FLUENTEVENTSTORE_POSTGRES_SOURCES names 'podman', 'Docker'.");
        failure.Message.ShouldContain("installed, cached, docker, fetched");
        Should.Throw<LocalPostgresException>(() => ServerSources.Choose(",")).Message.ShouldContain(" names nothing. ");
    }

    [Fact]
    public async Task Data_that_one_source_cannot_read_is_left_to_the_next_one()
    {
        using var folder = new TemporaryFolder();
        var kept = folder.Child("kept");
        await using (await LocalPostgresTests.StartAsync(new LocalPostgresOptions { DataDirectory = kept }))
        {
            // Makes the data.
        }

        await File.WriteAllTextAsync(Path.Combine(kept, "data", "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);
        using var docker = new FakeDocker();
        List<string> tried = [];
        IServerSource[] sources = [.. LocalPostgresTests.Local(FreePort.Choose), new DockerSource(docker.Address)];
        foreach (var source in sources)
        {
            (await source.TryStartAsync(new LocalPostgresOptions { DataDirectory = kept }, tried, TestContext.Current.CancellationToken))
                .ShouldBeNull();
        }

        tried.ShouldContain(attempt => attempt.StartsWith($"The data directory '{kept}' was written by PostgreSQL 9; installed: "));
        tried.Last().ShouldBe($"Docker: the data directory '{kept}' was written by PostgreSQL 9; the image is 17");
        docker.Request.ShouldBeNull();
    }
}
