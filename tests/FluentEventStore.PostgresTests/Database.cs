using Npgsql;

namespace FluentEventStore.PostgresTests;

/// <summary>Questions to a server, on connections that are closed afterwards.</summary>
internal static class Database
{
    public static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(Unpooled(connectionString));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<bool> AnswersAsync(string connectionString)
    {
        try
        {
            return await AskAsync(connectionString, "select 1") is 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>
    /// Waits patiently for the answer to a cancellation. Without the answer, nobody knows what became of what was cancelled.
    /// </summary>
    public static string CancelledPatiently(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { CancellationTimeout = 30_000 }.ConnectionString;

    private static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 60, CommandTimeout = 300 }.ConnectionString;
}
