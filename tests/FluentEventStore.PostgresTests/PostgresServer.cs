using System.Collections.Concurrent;
using FluentEventStore.Postgres;
using FluentEventStore.PostgresTests;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace FluentEventStore.PostgresTests;

/// <summary>The one server of this test assembly. Each test works in a schema of its own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _schemas = new();
    private LocalPostgres? _postgres;
    private string? _connectionString;
    private ApplicationRole? _role;

    public string ConnectionString => _connectionString ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>A name that no other test uses. The schema itself is the test's to create, and this fixture's to drop.</summary>
    public string CreateSchemaName()
    {
        var name = $"t_{Guid.NewGuid():N}"[..18];
        _schemas.Enqueue(name);
        return name;
    }

    /// <summary>
    /// Drops a schema as soon as it is of no use: the more schemas a database has, the longer it takes to compare one with it.
    /// </summary>
    public async Task DropSchemaAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await DropSchemaAsync(connection, name);
    }

    /// <summary>As the role of an application if the tests run so, else as it is.</summary>
    public string ConnectAsApplication(string connectionString) => _role?.Connect(connectionString) ?? connectionString;

    /// <summary>Lets the role of an application work in a schema, if the tests run so.</summary>
    public Task GrantAsync(string schema) => _role?.GrantAsync(schema) ?? Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _postgres = await StartOrExitAsync();
        _connectionString = Database.CancelledPatiently(_postgres.ConnectionString);
        _role = await ApplicationRole.CreateAsync(ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is null)
            return;

        // A server of our own goes away with everything in it; a shared one stays.
        if (Environment.GetEnvironmentVariable(LocalPostgres.EnvironmentVariable) is { Length: > 0 })
        {
            await DropSchemasAsync();
            await (_role?.DropAsync() ?? Task.CompletedTask);
        }

        await _postgres.DisposeAsync();
    }

    private static async Task<LocalPostgres> StartOrExitAsync()
    {
        try
        {
            return await LocalPostgres.StartAsync(new LocalPostgresOptions
            {
                Settings =
                {
                    ["max_connections"] = "200",
                    ["max_prepared_transactions"] = "20",

                    // It outlives no crash of the machine.
                    ["fsync"] = "off",
                    ["full_page_writes"] = "off",
                },
            });
        }
        catch (LocalPostgresException failure)
        {
            // Otherwise each of more than a thousand tests would fail with it.
            await Console.Error.WriteLineAsync($"These tests need a PostgreSQL, so none of them ran. {failure.Message}");
            Environment.Exit(2);
            throw;
        }
    }

    // One statement each: a single transaction would need more locks than a server has by default.
    private async Task DropSchemasAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        foreach (var schema in _schemas)
            await DropSchemaAsync(connection, schema);
    }

    private static async Task DropSchemaAsync(NpgsqlConnection connection, string name)
    {
        await using var drop = new NpgsqlCommand(
            $"drop schema if exists {new SqlIdentifier(name)}, {new SqlIdentifier($"{name}_keys")} cascade", connection);
        await drop.ExecuteNonQueryAsync();
    }
}
