using Npgsql;

namespace FluentEventStore.Schema;

/// <summary>The lock for changing the schema of any store in the database. It is held until the end of the transaction.</summary>
/// <remarks>
/// It has the two-integer form, which cannot be read as a position. There is one for all stores, because a lock tag must differ from all
/// others, and because PostgreSQL's own catalog is not safe against two that create the same thing.
/// </remarks>
internal static class MigrationLock
{
    private const string Space = "1178949203"; // 'FEVS'
    private const string Key = $"{Space}, 1";

    /// <summary>Waits until nobody else changes a schema.</summary>
    public const string Take = $"select pg_catalog.pg_advisory_xact_lock({Key});";

    /// <summary>Waits until nobody changes a schema. Many may hold it at once.</summary>
    public const string TakeShared = $"select pg_catalog.pg_advisory_xact_lock_shared({Key});";

    /// <summary>As <see cref="Take"/>, inside plpgsql.</summary>
    public const string Perform = $"perform pg_catalog.pg_advisory_xact_lock({Key});";

    private const string Holder = $"""
        select l.pid, a.usename::text, a.application_name
        from pg_catalog.pg_locks l
        left join pg_catalog.pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'advisory'
          and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_catalog)
          and l.classid = {Space}
          and l.objid = 1
          and l.objsubid = 2
          and l.granted
        order by l.mode, l.pid
        limit 1
        """;

    /// <summary>Finds out who holds the lock, first one that holds it alone; <see langword="null"/> if nobody does any more.</summary>
    public static async Task<LockHolder?> FindHolderAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(Holder, connection);
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        return await row.ReadAsync(cancellationToken).ConfigureAwait(false) ? LockHolders.Read(row, 0) : null;
    }
}
