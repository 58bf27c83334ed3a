using System.Globalization;
using FluentEventStore.Benchmarks.Measuring;
using Npgsql;

namespace FluentEventStore.Benchmarks;

/// <summary>The server that all contenders share, each in a schema of its own, in a database that is made for the run and dropped after it.</summary>
internal sealed class Database : IAsyncDisposable
{
    /// <summary>How many connections each contender may hold: three of them stay below PostgreSQL's default of 100.</summary>
    private const int ConnectionsOfEach = 30;

    private readonly LocalPostgres _server;
    private readonly string _name;

    private Database(LocalPostgres server, string name)
    {
        _server = server;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, MaxPoolSize = ConnectionsOfEach }.ConnectionString;
    }

    public string ConnectionString { get; }

    public static async Task<Database> StartAsync()
    {
        LocalPostgres server = await LocalPostgres.StartAsync();
        var database = new Database(server, string.Create(CultureInfo.InvariantCulture, $"benchmark_{Environment.ProcessId}"));
        await database.ExecuteAsync($"create database {database._name}");
        return database;
    }

    /// <summary>What the figures depend on.</summary>
    public async Task<string> DescribeAsync()
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit'), current_setting('shared_buffers')",
            connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return $"PostgreSQL {reader.GetString(0)} (fsync {reader.GetString(1)}, synchronous_commit {reader.GetString(2)}, shared_buffers {reader.GetString(3)}), "
            + Load()
            + $".NET {Environment.Version}, {Environment.ProcessorCount} CPUs shared by client and server, {ConnectionsOfEach} connections a contender";
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

    /// <summary>How many others wanted the CPUs just before: with more of them than CPUs the figures say little.</summary>
    private static string Load() => File.Exists("/proc/loadavg") ? $"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before the run, " : "";

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
