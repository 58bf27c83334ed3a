using FluentEventStore;
using GitHistory.Git;
using Npgsql;

namespace GitHistory;

/// <summary>Says in one line what stands in the way. What is not expected here is a defect, and keeps its stack trace.</summary>
internal static class Fault
{
    public static string? Explain(Exception exception, CommandLine? asked) => exception switch
    {
        UsageException e => $"{e.Message}; --help shows what there is.",
        GitException e => e.Message,
        PostgresException e => $"PostgreSQL at {ServerOf(asked)} refuses: {e.MessageText} ({e.SqlState})",
        NpgsqlException e => $"PostgreSQL at {ServerOf(asked)} does not answer: {e.GetBaseException().Message}",
        LocalPostgresException e => e.Message,
        FluentEventStoreException e => e.Message,
        _ => null,
    };

    private static string ServerOf(CommandLine? asked)
    {
        if (asked?.Connection is null)
            return "the private server";

        var connection = new NpgsqlConnectionStringBuilder(asked.Connection);
        return $"{connection.Host}:{connection.Port}";
    }
}
