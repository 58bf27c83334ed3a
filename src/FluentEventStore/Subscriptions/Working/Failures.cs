using System.Data.Common;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Subscriptions;

/// <summary>Which kind of failure an exception is.</summary>
internal static class Failures
{
    /// <summary>Of what the handler threw.</summary>
    /// <param name="failure">What it threw.</param>
    /// <param name="isEnding">Whether it was told to end.</param>
    public static WorkFailure OfHandler(Exception failure, bool isEnding) => failure switch
    {
        OperationCanceledException when isEnding => new WorkFailure(FailureKind.Outage, failure),
        _ when IsOfDatabase(failure) => new WorkFailure(FailureKind.Outage, failure),
        _ => new WorkFailure(FailureKind.HandlerFailed, failure),
    };

    /// <summary>
    /// Whether a failure is one of a database that passes: it does not answer, ends connections, or is short of something. The database may
    /// be one of the application.
    /// </summary>
    /// <remarks>Libraries wrap what they met, such as the one that saves entities.</remarks>
    public static bool IsOfDatabase(Exception failure) => failure switch
    {
        PostgresException refusal => refusal.IsTransient
            || refusal.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.ReadOnlySqlTransaction
                or PostgresErrorCodes.QueryCanceled
            || SqlStates.LeavesOutcomeUnknown(refusal),
        NpgsqlException => true,
        DbException other => other.IsTransient,
        DatabaseUnavailableException or CommitOutcomeUnknownException => true,
        { InnerException: { } inner } => IsOfDatabase(inner),
        _ => false,
    };

    /// <summary>Whether a statement took longer than the server or the driver allows: the same one may do so each time.</summary>
    public static bool IsOfTime(Exception failure) => failure switch
    {
        PostgresException refusal => refusal.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable,
        NpgsqlException or DatabaseUnavailableException => failure.InnerException is { } inner && IsOfTime(inner),
        TimeoutException => true,
        _ => false,
    };
}
