namespace FluentEventStore.Schema;

/// <summary>The lock that everybody takes who changes the schema of any store in the database, until the end of the transaction.</summary>
/// <remarks>
/// In the two-integer form, which cannot be read as a position. One for all stores, because a lock tag must differ from those of all others,
/// and because PostgreSQL's own catalog is not safe against two that create the same thing.
/// </remarks>
internal static class MigrationLock
{
    private const string Key = "1178949203, 1"; // 'FEVS'

    /// <summary>Waits until nobody else changes a schema.</summary>
    public const string Take = $"select pg_catalog.pg_advisory_xact_lock({Key});";

    /// <summary>Waits until nobody changes a schema; many may hold it.</summary>
    public const string TakeShared = $"select pg_catalog.pg_advisory_xact_lock_shared({Key});";

    /// <summary>As <see cref="Take"/>, inside plpgsql.</summary>
    public const string Perform = $"perform pg_catalog.pg_advisory_xact_lock({Key});";
}
