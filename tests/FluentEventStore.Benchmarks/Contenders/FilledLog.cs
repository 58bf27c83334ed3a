using Npgsql;

namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>A log that was written at once, for rows that read it.</summary>
internal static class FilledLog
{
    /// <summary>Does what the server does by itself within a minute after so much was written, so that no round has it beside it.</summary>
    public static async Task TendAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("vacuum analyze", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
