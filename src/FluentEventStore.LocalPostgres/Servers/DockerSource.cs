using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using Testcontainers.PostgreSql;

namespace FluentEventStore.Servers;

/// <summary>A server in a container. Testcontainers removes it even after this process was killed.</summary>
/// <param name="daemon">Where Docker listens; null for where Testcontainers finds it.</param>
internal sealed class DockerSource(Uri? daemon = null) : IServerSource
{
    private const string Major = "17";
    private const string Image = $"postgres:{Major}-alpine";
    private const string Port = "5432/tcp";
    private const string ImageData = "/var/lib/postgresql/data";

    public async Task<IServer?> TryStartAsync(LocalPostgresOptions options, ICollection<string> tried, CancellationToken cancellationToken)
    {
        ServerFolder? folder = null;
        PostgreSqlContainer? container = null;
        try
        {
            // Testcontainers turns durability off by default; overwriting its arguments turns it on again.
            var arguments = options.Settings
                .Prepend(new("timezone", "UTC"))
                .SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" });
            var builder = new PostgreSqlBuilder(Image)
                .WithUsername(InstalledServer.SuperUser)
                .WithPassword(ServerFolder.ChoosePassword())
                .WithCreateParameterModifier(static container => (container.HostConfig ??= new()).PortBindings =
                    new Dictionary<string, IList<PortBinding>> { [Port] = [new() { HostIP = "127.0.0.1" }] })
                .WithEnvironment("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C")
                .WithCommand(new OverwriteEnumerable<string>(arguments));

            if (daemon is not null)
                builder = builder.WithDockerEndpoint(daemon);
            if (options.DataDirectory is not null)
            {
                folder = await ServerFolder.OpenAsync(options.DataDirectory, cancellationToken).ConfigureAwait(false);
                if (folder.Data.Version is { } written && written != Major)
                {
                    throw new InvalidOperationException(
                        $"the data directory '{folder.Location}' was written by PostgreSQL {written}; the image is {Major}");
                }

                Directory.CreateDirectory(folder.Data.Location);
                builder = builder.WithPassword(folder.Password()).WithBindMount(folder.Data.Location, ImageData);
            }

            container = builder.Build();
            await container.StartAsync(cancellationToken).ConfigureAwait(false);

            // The port is bound where nobody else can reach it, so the daemon has to be on this machine.
            if (container.Hostname is not ("localhost" or "127.0.0.1" or "::1"))
                throw new InvalidOperationException(
                    $"the daemon is on another machine, or outside this container: {container.Hostname}");

            return new Container(container, folder);
        }
        catch (Exception e)
        {
            if (container is not null)
                await container.DisposeAsync().ConfigureAwait(false);
            folder?.Dispose();
            if (e is OperationCanceledException or LocalPostgresException)
                throw;

            // Most often no Docker is running. Then Docker is only one more place without a server.
            tried.Add($"Docker: {e.Message.Split('\n')[0].TrimEnd()}");
            return null;
        }
    }

    private sealed class Container(PostgreSqlContainer container, ServerFolder? folder) : IServer
    {
        public string ConnectionString { get; } = container.GetConnectionString();

        public async ValueTask DisposeAsync()
        {
            // A stop lets the server write its last checkpoint; removing the container would kill it.
            if (folder is not null)
                await container.StopAsync().ConfigureAwait(false);
            await container.DisposeAsync().ConfigureAwait(false);
            folder?.Dispose();
        }
    }
}
