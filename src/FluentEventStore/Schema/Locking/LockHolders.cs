using System.Data.Common;
using Npgsql;

namespace FluentEventStore.Schema;

/// <summary>Reads who holds a lock.</summary>
internal static class LockHolders
{
    /// <summary>The first number of the locks that concern a database as a whole; the second one says which.</summary>
    public const string Space = "1178949203"; // 'FEVS'

    /// <summary>From three columns: process, role and application.</summary>
    public static LockHolder Read(DbDataReader row, int first) => new(
        row.IsDBNull(first) ? null : row.GetInt32(first),
        row.IsDBNull(first + 1) ? null : row.GetString(first + 1),
        row.IsDBNull(first + 2) || row.GetString(first + 2).Length == 0 ? null : row.GetString(first + 2));

    /// <summary>
    /// Finds out who holds a lock that concerns the database as a whole, first one that holds it alone; <see langword="null"/> if nobody
    /// does any more.
    /// </summary>
    public static async Task<LockHolder?> FindAsync(NpgsqlConnection connection, string number, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(
            $"""
            select l.pid, a.usename::text, a.application_name
            from pg_catalog.pg_locks l
            left join pg_catalog.pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory'
              and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_catalog)
              and l.classid = {Space}
              and l.objid = {number}
              and l.objsubid = 2
              and l.granted
            order by l.mode, l.pid
            limit 1
            """,
            connection);
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        return await row.ReadAsync(cancellationToken).ConfigureAwait(false) ? Read(row, 0) : null;
    }
}
