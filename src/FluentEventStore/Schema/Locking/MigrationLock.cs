using Npgsql;

namespace FluentEventStore.Schema;

/// <summary>The lock for changing the schema of any store in the database. It is held until the end of the transaction.</summary>
/// <remarks>
/// It has the two-integer form, which cannot be read as a position. There is one for all stores, because a lock tag must differ from all
/// others, and because PostgreSQL's own catalog is not safe against two that create the same thing.
/// </remarks>
internal static class MigrationLock
{
    private const string Number = "1";
    private const string Key = $"{LockHolders.Space}, {Number}";

    /// <summary>Waits until nobody else changes a schema.</summary>
    public const string Take = $"select pg_catalog.pg_advisory_xact_lock({Key});";

    /// <summary>Waits until nobody changes a schema. Many may hold it at once.</summary>
    public const string TakeShared = $"select pg_catalog.pg_advisory_xact_lock_shared({Key});";

    /// <summary>As <see cref="Take"/>, inside plpgsql.</summary>
    public const string Perform = $"perform pg_catalog.pg_advisory_xact_lock({Key});";

    /// <summary>Finds out who holds the lock, first one that holds it alone; <see langword="null"/> if nobody does any more.</summary>
    public static Task<LockHolder?> FindHolderAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        LockHolders.FindAsync(connection, Number, cancellationToken);
}
