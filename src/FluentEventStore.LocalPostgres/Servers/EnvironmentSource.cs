namespace FluentEventStore.Servers;

/// <summary>The server that the environment names. It belongs to somebody else, so it is neither started nor stopped.</summary>
/// <param name="connectionString">The value of <see cref="LocalPostgres.EnvironmentVariable"/>.</param>
internal sealed class EnvironmentSource(string? connectionString) : IServerSource
{
    public Task<IServer?> TryStartAsync(LocalPostgresOptions options, ICollection<string> tried, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(connectionString))
            return Task.FromResult<IServer?>(new NamedServer(connectionString));

        tried.Add($"Environment variable {LocalPostgres.EnvironmentVariable}: not set");
        return Task.FromResult<IServer?>(null);
    }

    private sealed record NamedServer(string ConnectionString) : IServer
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
