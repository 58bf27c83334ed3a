using Npgsql;

namespace FluentEventStore.PostgresTests.Postgres;

/// <summary>The log that the private server of the tests writes.</summary>
internal static class ServerLog
{
    /// <summary>A data source whose statements stand in the log, with their parameters in full.</summary>
    public static NpgsqlDataSource LogStatements(string connectionString) =>
        NpgsqlDataSource.Create(
            connectionString + ";Options=-c log_statement=all -c log_min_duration_statement=0 -c log_parameter_max_length=-1");

    /// <summary>What was logged so far; skips the test if the tests have not started the server.</summary>
    public static async Task<string> ReadOrSkipAsync(BankStore bank)
    {
        var log = await bank.ExecuteAsync("select pg_read_file(current_setting('data_directory') || '/../server.log', 0, 1 << 29, true)");
        if (log is string text)
            return text;

        Assert.Skip("The server does not log where tests can read it.");
        return "";
    }
}
