using System.Text.Json;
using DotNet.Testcontainers.Configurations;
using FluentEventStore.Servers;

namespace FluentEventStore.PostgresTests;

public sealed class DockerTests
{
    // A container removes the containers of a killed process, and the daemon of these tests gives no such container.
    static DockerTests() => TestcontainersSettings.ResourceReaperEnabled = false;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_container_listens_on_the_loopback_address_with_a_random_password(bool isKept)
    {
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = isKept ? folder.Child("kept") : null };

        var (first, second) = (await RequestAsync(options), await RequestAsync(new LocalPostgresOptions()));

        var bindings = first.GetProperty("HostConfig").GetProperty("PortBindings").EnumerateObject().ToList();
        bindings.Select(static port => port.Name).ShouldBe(["5432/tcp"]);
        bindings[0].Value.EnumerateArray().Select(static binding => binding.GetProperty("HostIp").GetString()).ShouldBe(["127.0.0.1"]);
        PasswordOf(first).Length.ShouldBe(32);
        PasswordOf(first).ShouldNotBe(PasswordOf(second));
    }

    [Fact]
    public async Task A_daemon_without_a_container_counts_as_a_place_without_a_server()
    {
        using var docker = new FakeDocker();
        List<string> tried = [];

        (await new DockerSource(docker.Address).TryStartAsync(new LocalPostgresOptions(), tried, TestContext.Current.CancellationToken))
            .ShouldBeNull();

        tried.Single().ShouldStartWith("Docker: ");
    }

    private static async Task<JsonElement> RequestAsync(LocalPostgresOptions options)
    {
        using var docker = new FakeDocker();
        List<string> tried = [];
        (await new DockerSource(docker.Address).TryStartAsync(options, tried, TestContext.Current.CancellationToken)).ShouldBeNull();
        return JsonDocument.Parse(docker.Request.ShouldNotBeNull(string.Join('\n', tried))).RootElement;
    }

    private static string PasswordOf(JsonElement request) => request.GetProperty("Env").EnumerateArray()
        .Select(static variable => variable.GetString()!)
        .Single(static variable => variable.StartsWith("POSTGRES_PASSWORD=", StringComparison.Ordinal))["POSTGRES_PASSWORD=".Length..];
}
