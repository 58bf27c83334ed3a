using System.Collections.Concurrent;
using FluentEventStore.PostgresTests;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace FluentEventStore.PostgresTests;

/// <summary>The one server of this test assembly. Each test works in a schema of its own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _schemas = new();
    private LocalPostgres? _postgres;

    public string ConnectionString => _postgres?.ConnectionString ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>A name that no other test uses. The schema itself is the test's to create, and this fixture's to drop.</summary>
    public string CreateSchemaName()
    {
        var name = $"t_{Guid.NewGuid():N}"[..18];
        _schemas.Enqueue(name);
        return name;
    }

    public async ValueTask InitializeAsync() => _postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions
    {
        Settings =
        {
            ["max_connections"] = "200",
            ["max_prepared_transactions"] = "20",
        },
    });

    public async ValueTask DisposeAsync()
    {
        if (_postgres is null)
            return;

        // A server of our own goes away with everything in it; a shared one stays.
        if (Environment.GetEnvironmentVariable(LocalPostgres.EnvironmentVariable) is { Length: > 0 })
            await DropSchemasAsync();
        await _postgres.DisposeAsync();
    }

    // One statement each: a single transaction would need more locks than a server has by default.
    private async Task DropSchemasAsync()
    {
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString);
        foreach (var schema in _schemas)
        {
            await using var drop = dataSource.CreateCommand($"drop schema if exists {schema}, {schema}_keys cascade");
            await drop.ExecuteNonQueryAsync();
        }
    }
}
