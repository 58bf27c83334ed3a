using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>The SQLSTATEs that the store's own functions raise, and what the server's SQLSTATEs mean to the store.</summary>
/// <remarks>The data of the store's own SQLSTATEs travels as JSON in the HINT, because the driver redacts DETAIL by default.</remarks>
internal static class SqlStates
{
    /// <summary>A stream is not at the expected version. Data: <c>stream</c>, <c>actual</c>.</summary>
    public const string StreamVersionConflict = "FE001";

    /// <summary>Some or all event ids of the unit exist already.</summary>
    public const string EventIdsKnown = "FE002";

    /// <summary>A document to be inserted exists. Data: <c>document</c>, <c>id</c>.</summary>
    public const string DocumentExists = "FE003";

    /// <summary>A document to be updated does not exist. Data: <c>document</c>, <c>id</c>.</summary>
    public const string DocumentMissing = "FE004";

    /// <summary>A stream is not as it was when its inline snapshots were folded. Data: <c>stream</c>.</summary>
    public const string SnapshotMoved = "FE005";

    /// <summary>
    /// A stream takes no events: it is archived, deleted or tombstoned. Data: <c>stream</c>, <c>actual</c>, <c>state</c>.
    /// </summary>
    public const string StreamNotActive = "FE006";

    /// <summary>A unit that is recorded by its own id was committed before.</summary>
    public const string UnitKnown = "FE007";

    /// <summary>A stream that is to be changed as a whole does not exist. Data: <c>stream</c>.</summary>
    public const string StreamMissing = "FE008";

    /// <summary>A stream is to be truncated beyond its end. Data: <c>stream</c>, <c>before</c>, <c>actual</c>.</summary>
    public const string TruncatedBeyondEnd = "FE009";

    /// <summary>An event cannot be linked. Data: <c>stream</c>, <c>id</c>, <c>fault</c>.</summary>
    public const string LinkRefused = "FE010";

    /// <summary>Something else than the store's functions was to change recorded data. Data: <c>table</c>, <c>operation</c>.</summary>
    public const string Guarded = "FE011";

    /// <summary>
    /// An event matches what the unit rests on but was not known. Data: <c>clause</c>, counted over all boundaries of the unit, and
    /// <c>position</c>.
    /// </summary>
    public const string BoundaryMoved = "FE012";

    /// <summary>
    /// Somebody holds the lock that a writer needs. Data: <c>pid</c>, <c>role</c>, <c>application</c>; none if it was released meanwhile.
    /// </summary>
    public const string LogLocked = "FE013";

    /// <summary>The row of the store with its lock tag is missing, so that no writer can be seen by readers.</summary>
    public const string TagMissing = "FE014";

    /// <summary>Personal data of the unit was encrypted with a key that the database does not have.</summary>
    public const string KeysLost = "FE015";

    /// <summary>A document is not in the expected state. Data: <c>document</c>, <c>id</c>, <c>actual</c>.</summary>
    public const string DocumentConflict = "FE016";

    /// <summary>
    /// Another stream holds a value that only one may hold. Data: <c>name</c>, <c>value</c>, <c>owner</c>, <c>held_by</c>.
    /// </summary>
    public const string ReservationConflict = "FE018";

    /// <summary>
    /// A checkpoint is not where or whose a worker took it to be. Data: <c>last</c>, <c>owner</c>, <c>epoch</c>, <c>position</c>,
    /// <c>paused</c>, <c>stop_at</c> as they are; nothing if the range is gone.
    /// </summary>
    public const string Fenced = "FE030";

    /// <summary>A parked key does not wait from where a worker took it to.</summary>
    public const string ParkedMoved = "FE031";

    /// <summary>Undoes what a function did so far; never leaves it.</summary>
    public const string Undo = "FE000";

    /// <summary>
    /// Imported events do not fit what their streams hold. Data: <c>fault</c>, <c>stream</c>, <c>event</c>, <c>actual</c>.
    /// </summary>
    public const string ImportRefused = "FE020";

    /// <summary>
    /// Whether the failure leaves open what became of the transaction. Either the server ended the connection, and its answer to the commit
    /// may be lost; or it could not write, and that may have been the commit itself.
    /// </summary>
    public static bool LeavesOutcomeUnknown(PostgresException failure) =>
        failure.InvariantSeverity is "FATAL" or "PANIC" || LeavesOutcomeUnknown(failure.SqlState);

    /// <inheritdoc cref="LeavesOutcomeUnknown(PostgresException)"/>
    public static bool LeavesOutcomeUnknown(string sqlState) =>
        sqlState is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.IoError
            or PostgresErrorCodes.DiskFull
            or "57P05"
        || sqlState.StartsWith("08", StringComparison.Ordinal);

    /// <summary>Whether the connection is gone, so that another one may succeed.</summary>
    public static bool IsLossOfConnection(NpgsqlException failure) =>
        failure is PostgresException refusal
            ? refusal.InvariantSeverity is "FATAL" or "PANIC"
            : failure.InnerException is not TimeoutException;

    /// <summary>Whether a statement named a schema, table, column or function that does not exist.</summary>
    public static bool NamesMissingObject(string sqlState) =>
        sqlState is PostgresErrorCodes.UndefinedTable
            or PostgresErrorCodes.UndefinedFunction
            or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.InvalidSchemaName;

    /// <summary>Whether the server rolled the transaction back for no fault of its own: the same batch may be sent again.</summary>
    public static bool IsRolledBackByChance(string sqlState) =>
        sqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;
}
