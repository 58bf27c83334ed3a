using Npgsql;

namespace FluentEventStore.Events;

/// <summary>
/// The failure of a statement that many sessions share. Each session gets its own exception, since throwing one changes it.
/// </summary>
internal static class SharedFailure
{
    /// <summary>Another exception that says the same. One of an unknown kind becomes its inner exception.</summary>
    public static Exception Copy(Exception failure) =>
        TryCopy(failure)
            ?? new InvalidOperationException(
                $"The statement that was to write the unit together with others failed: {failure.Message}", failure);

    private static Exception? TryCopy(Exception failure) => failure switch
    {
        CommitOutcomeUnknownException unknown => new CommitOutcomeUnknownException(
            unknown.InnerException is { } cause ? TryCopy(cause) ?? cause : null, unknown.IsCommittedLocally),
        SchemaMismatchException mismatch =>
            new SchemaMismatchException(mismatch.Schema, mismatch.Message, mismatch.Sql, mismatch.InnerException) { TenantId =
                mismatch.TenantId },
        LogLockedException locked => new LogLockedException(locked.Holder),
        OrderingNotGuaranteedException refused =>
            new OrderingNotGuaranteedException(refused.Check, refused.Expected, refused.Actual, refused.InnerException),
        UnknownTenantException nowhere => new UnknownTenantException(nowhere.TenantId),
        TenantDatabaseException wrong => new TenantDatabaseException(wrong.TenantId, wrong.Reason, wrong.InnerException),
        PostgresException failed => Copy(failed),
        NpgsqlException lost => new NpgsqlException(lost.Message, lost.InnerException),
        ObjectDisposedException disposed =>
            new ObjectDisposedException(disposed.ObjectName, disposed.Message.Split(Environment.NewLine)[0]),
        OperationCanceledException cancelled =>
            new OperationCanceledException(cancelled.Message, cancelled.InnerException, cancelled.CancellationToken),
        TimeoutException late => new TimeoutException(late.Message, late.InnerException),
        _ => null,
    };

    private static PostgresException Copy(PostgresException refused) => new(
        refused.MessageText,
        refused.Severity,
        refused.InvariantSeverity,
        refused.SqlState,
        refused.Detail,
        refused.Hint,
        refused.Position,
        refused.InternalPosition,
        refused.InternalQuery,
        refused.Where,
        refused.SchemaName,
        refused.TableName,
        refused.ColumnName,
        refused.DataTypeName,
        refused.ConstraintName,
        refused.File,
        refused.Line,
        refused.Routine);
}
