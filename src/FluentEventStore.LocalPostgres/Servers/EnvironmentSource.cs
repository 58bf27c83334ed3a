using Npgsql;

namespace FluentEventStore.Servers;

/// <summary>The server that the environment names. It belongs to somebody else, so it is neither started nor stopped.</summary>
/// <param name="value">The value of <see cref="LocalPostgres.EnvironmentVariable"/>.</param>
internal sealed class EnvironmentSource(string? value) : IServerSource
{
    public const string Variable = "FLUENTEVENTSTORE_POSTGRES";

    public Task<IServer?> TryStartAsync(LocalPostgresOptions options, ICollection<string> tried, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(value))
            return Task.FromResult<IServer?>(new NamedServer(Read(value)));

        tried.Add($"Environment variable {Variable}: not set");
        return Task.FromResult<IServer?>(null);
    }

    private static string Read(string value)
    {
        try
        {
            var connectionString = ConnectionUri.IsOne(value.Trim()) ? ConnectionUri.Translate(value.Trim()) : value;
            var meant = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(meant.Host))
                throw new FormatException("it names no host");
            if (meant.Port is < 1 or > 65535)
                throw new FormatException($"there is no port {meant.Port}");

            return connectionString;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // The value holds a password, so it is not repeated.
            throw new LocalPostgresException(
                $"""
                The environment variable {Variable} does not say how to connect to a PostgreSQL server: {e.Message}
                It takes a connection string of Npgsql (Host=localhost;Username=postgres;Password=...)
                or a URI (postgres://postgres:...@localhost:5432/postgres).
                """,
                innerException: e);
        }
    }

    private sealed record NamedServer(string ConnectionString) : IServer
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
