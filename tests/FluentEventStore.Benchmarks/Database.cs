using System.Globalization;
using FluentEventStore.Benchmarks.Measuring;
using Npgsql;

namespace FluentEventStore.Benchmarks;

/// <summary>
/// The server that all contenders share, each in a schema of its own, in a database that is made for the run and dropped after it.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private const int MostConnectionsOfEach = 30;

    /// <summary>Those of five contenders, of the web applications of four, and of the logs of three.</summary>
    private const int MostPools = 15;

    /// <summary>Connections for onlookers, and those that the server keeps for itself.</summary>
    private const int OtherConnections = 20;

    private readonly LocalPostgres _server;
    private readonly string _name;

    /// <summary>How many connections each contender may hold, so that all together stay below the limit of the server.</summary>
    private readonly int _connectionsOfEach;

    private Database(LocalPostgres server, string name, int maxConnections)
    {
        _server = server;
        _name = name;
        _connectionsOfEach = Math.Clamp((maxConnections - OtherConnections) / MostPools, 1, MostConnectionsOfEach);
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Database = name,
            MaxPoolSize = _connectionsOfEach
        }.ConnectionString;
    }

    public string ConnectionString { get; }

    public static async Task<Database> StartAsync()
    {
        var options = new LocalPostgresOptions();
        options.Settings["max_connections"] = string.Create(
            CultureInfo.InvariantCulture, $"{MostPools * MostConnectionsOfEach + OtherConnections}");
        LocalPostgres server = await LocalPostgres.StartAsync(options);
        var database = new Database(
            server,
            string.Create(CultureInfo.InvariantCulture, $"benchmark_{Environment.ProcessId}"),
            await MaxConnectionsAsync(server.ConnectionString));
        await database.ExecuteAsync($"create database {database._name}");
        return database;
    }

    /// <summary>What the figures depend on.</summary>
    public async Task<string> DescribeAsync()
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit'), "
                + "current_setting('shared_buffers')",
            connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return $"PostgreSQL {reader.GetString(0)} "
            + $"(fsync {reader.GetString(1)}, synchronous_commit {reader.GetString(2)}, shared_buffers {reader.GetString(3)}), "
            + Load()
            + $".NET {Environment.Version}, {Environment.ProcessorCount} CPUs shared by client and server, {_connectionsOfEach} "
            + "connections a contender";
    }

    public async Task<ServerCpu> WatchCpuAsync()
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync();
        return new ServerCpu(connection.ProcessID, isLocal: connection.Host is "127.0.0.1" or "localhost");
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"drop database if exists {_name} with (force)");
        await _server.DisposeAsync();
    }

    private static async Task<int> MaxConnectionsAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select current_setting('max_connections')::int", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>How many others wanted the CPUs just before: with more of them than CPUs the figures say little.</summary>
    private static string Load() =>
        File.Exists("/proc/loadavg") ? $"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before the run, " : "";

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
