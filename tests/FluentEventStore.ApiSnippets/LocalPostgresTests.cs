using Npgsql;

namespace FluentEventStore.ApiSnippets;

public sealed class LocalPostgresTests
{
    [Fact]
    public async Task A_private_server_runs_as_long_as_it_is_held()
    {
        await using LocalPostgres postgres = await LocalPostgres.StartAsync(
            new LocalPostgresOptions { DataDirectory = null /* temporary */ });

        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        connection.PostgreSqlVersion.Major.ShouldBeGreaterThanOrEqualTo(14);
    }
}
