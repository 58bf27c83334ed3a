using Npgsql;

namespace FluentEventStore.Proofs.Reliability;

/// <summary>Ends a server as a crash does.</summary>
internal static class Crash
{
    /// <summary>
    /// SIGQUIT is what pg_ctl sends for an immediate stop; the server runs as a user of its own, so it sends the signal to itself.
    /// </summary>
    public static async Task OfAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var find = new NpgsqlCommand("select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)", connection);
        var pid = (string)(await find.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        await using var crash = new NpgsqlCommand($"copy (select 1) to program 'kill -QUIT {pid}'", connection);
        try
        {
            await crash.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        catch (NpgsqlException)
        {
            // The server was faster than its answer.
        }
    }
}
