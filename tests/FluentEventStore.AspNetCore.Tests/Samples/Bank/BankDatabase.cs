using Npgsql;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

/// <summary>A database of its own for the banks of a test, on the server of the assembly.</summary>
public sealed class BankDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private BankDatabase(string server, string name)
    {
        (_server, _name) = (server, name);
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false });
    }

    /// <summary>Connections beside those of the bank.</summary>
    public NpgsqlDataSource Source { get; }

    public static async Task<BankDatabase> CreateAsync(PostgresServer server)
    {
        var database = new BankDatabase(server.ConnectionString, $"bank_{Guid.NewGuid():N}");
        await database.ExecuteOnServerAsync($"create database {database._name}");
        return database;
    }

    /// <summary>For a bank that holds at most so many connections, and waits for one for 10 seconds at most.</summary>
    public string ConnectionString(int maxPoolSize = 10) => new NpgsqlConnectionStringBuilder(_server)
    {
        Database = _name,
        MaxPoolSize = maxPoolSize,
        Timeout = 10,
    }.ConnectionString;

    /// <summary>Waits until so many connections of the database, beside the one that asks, meet a condition.</summary>
    public async Task WaitForAsync(string condition, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        await using var connection = await Source.OpenConnectionAsync(patience.Token);
        await using var ask = new NpgsqlCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() "
                + $"and backend_type = 'client backend' and {condition}",
            connection);
        while ((long)(await ask.ExecuteScalarAsync(patience.Token))! != count)
            await Task.Delay(5, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await ExecuteOnServerAsync($"drop database if exists {_name} with (force)");
    }

    private async Task ExecuteOnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
