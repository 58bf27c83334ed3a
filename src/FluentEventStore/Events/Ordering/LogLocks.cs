using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Finds the locks that keep readers of the log, or its writers, from going on.</summary>
internal sealed class LogLocks(Database database, SqlIdentifier schema)
{
    private readonly string _blockers = $"""
        select l.pid, {SettledPosition.LockedPosition} as position,
               pg_catalog.clock_timestamp(),
               coalesce(a.xact_start, x.prepared),
               nullif(a.application_name, ''),
               case when l.pid is null then 'prepared'
                    when a.state = 'active' and a.wait_event = 'ClientRead' then 'waiting for its client'
                    else a.state
               end,
               pg_catalog.left(nullif(a.query, ''), 200),
               x.gid,
               case when a.wait_event = 'ClientRead' then greatest(a.state_change, a.query_start) end,
               a.usename::text,
               l.mode = 'ExclusiveLock' as is_exclusive
        from pg_catalog.pg_locks l
        left join pg_catalog.pg_stat_activity a on a.pid = l.pid
        left join pg_catalog.pg_locks t
          on l.pid is null and t.pid is null and t.locktype = 'transactionid' and t.virtualtransaction = l.virtualtransaction
        left join pg_catalog.pg_prepared_xacts x on x.transaction = t.transactionid
        where {SettledPosition.LocksOfAnyMode(schema)}
          and ((l.mode = 'ShareLock' and {SettledPosition.LockedPosition} < $1)
            or (l.mode = 'ExclusiveLock' and {SettledPosition.LockedPosition} >= $1))
        order by position, l.pid
        """;

    /// <summary>The locks, those that name the lowest positions first.</summary>
    /// <param name="last">The last position that was handed out.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    public async Task<List<HeldLock>> FetchAsync(long last, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_blockers).With(last, NpgsqlDbType.Bigint);
        return await database.ReadAllAsync(batch, Read, cancellationToken).ConfigureAwait(false);
    }

    private static HeldLock Read(NpgsqlDataReader row)
    {
        // One reading of the clock for both spans: a silence is never longer than the transaction that it is a part of.
        var now = row.GetDateTime(2);
        var by = new LogBlocker(
            Pid: row.IsDBNull(0) ? null : row.GetInt32(0),
            Position: row.GetInt64(1),
            Age: row.IsDBNull(3) ? null : now - row.GetDateTime(3),
            ApplicationName: row.IsDBNull(4) ? null : row.GetString(4),
            State: row.IsDBNull(5) ? null : row.GetString(5),
            Query: row.IsDBNull(6) ? null : row.GetString(6),
            PreparedAs: row.IsDBNull(7) ? null : row.GetString(7))
        {
            Silence = row.IsDBNull(8) ? null : now - row.GetDateTime(8),
        };
        return new HeldLock(by, row.IsDBNull(9) ? null : row.GetString(9), row.GetBoolean(10));
    }
}
