using FluentEventStore.AspNetCore.Tests;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>The one server of this test assembly. Each test class works in a schema of its own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    // Schemas of a database change one after the other: those that wait do so here, however slow the machine is.
    private readonly SemaphoreSlim _applying = new(1);
    private LocalPostgres? _postgres;

    public string ConnectionString => _postgres?.ConnectionString ?? throw new InvalidOperationException("The server is not started.");

    public async ValueTask InitializeAsync() => _postgres = await LocalPostgres.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _applying.Dispose();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    public async Task ApplyAsync(IStoreSchema schema)
    {
        await _applying.WaitAsync();
        try
        {
            await schema.ApplyAsync();
        }
        finally
        {
            _applying.Release();
        }
    }

    public async Task DropSchemaAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"drop schema if exists {name}, {name}_keys cascade", connection);
        await drop.ExecuteNonQueryAsync();
    }
}
