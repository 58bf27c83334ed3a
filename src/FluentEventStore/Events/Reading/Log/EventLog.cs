using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <inheritdoc cref="IEventLog"/>
internal sealed class EventLog(Database database, SqlIdentifier schema, LogReader reader, Settler settler, OrderingChecks ordering)
    : IEventLog
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

    private readonly string _counts =
        $"select e.type, pg_catalog.count(*), pg_catalog.max(e.position) from {schema}.{EventTables.Events} e group by e.type";
    private readonly string _size = $"""
        select
          pg_catalog.count(*),
          pg_catalog.pg_total_relation_size('{schema}.{EventTables.Events}'::pg_catalog.regclass)
            + pg_catalog.pg_total_relation_size('{schema}.{EventTables.Streams}'::pg_catalog.regclass)
        from {schema}.{EventTables.Streams} s
        where s.version > 0
        """;

    public async Task<LogStatus> StatusAsync(CancellationToken cancellationToken = default)
    {
        var warnings = await ordering.VerifyAsync(cancellationToken).ConfigureAwait(false);
        var settled = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
        if (settler.Loss is { } loss)
            warnings = [.. warnings, loss];

        if (settled.IsStandby)
            return new LogStatus(settled.Last, settled.Position, [], IsStandby: true, warnings);

        var locks = await FetchLocksAsync(settled.Last, cancellationToken).ConfigureAwait(false);
        return new LogStatus(
            settled.Last,
            settled.Position,
            [.. locks.Where(static held => !held.IsExclusive).Select(static held => held.By)],
            IsStandby: false,
            warnings)
        {
            WritersHeldBackBy = [.. locks.Where(static held => held.IsExclusive).Select(
                static held => new LockHolder(held.By.Pid, held.Role, held.By.ApplicationName))],
        };
    }

    public async Task<long> FetchSettledPositionAsync(CancellationToken cancellationToken = default) =>
        (await settler.AskAsync(cancellationToken).ConfigureAwait(false)).Position;

    public async Task<LogStatistics> FetchStatisticsAsync(CancellationToken cancellationToken = default)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_size);
        batch.Add(_counts);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
            var (streams, size) = (rows.GetInt64(0), rows.GetInt64(1));
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
            var last = 0L;
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                counts.Add(rows.GetString(0), rows.GetInt64(1));
                last = Math.Max(last, rows.GetInt64(2));
            }

            return new LogStatistics(counts.Values.Sum(), streams, last, size, counts);
        }
    }

    public IAsyncEnumerable<IEvent> FollowAsync(CancellationToken cancellationToken = default) =>
        Follow(new LogStart(), filter: null, cancellationToken);

    public IAsyncEnumerable<IEvent> FollowAsync(EventFilter filter, CancellationToken cancellationToken = default) =>
        FollowAsync(new LogStart(), filter, cancellationToken);

    public IAsyncEnumerable<IEvent> FollowAsync(LogStart start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        return Follow(start, filter: null, cancellationToken);
    }

    public IAsyncEnumerable<IEvent> FollowAsync(LogStart start, EventFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(filter);
        return Follow(start, filter, cancellationToken);
    }

    public Task<bool> VerifyBookmarkAsync(long position, Guid eventId, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, 1);
        return new BookmarkCheck(database, schema, settler).VerifyAsync(position, eventId, cancellationToken);
    }

    private IAsyncEnumerable<IEvent> Follow(LogStart start, EventFilter? filter, CancellationToken cancellationToken) =>
        LogReader.FlattenAsync(
            reader.FollowAsync(FollowersQuery(filter), start.After, cancellationToken), start.Progress, cancellationToken);

    // An event that a follower misses while its stream is hidden never comes, even if the stream is shown again.
    private static LogQuery FollowersQuery(EventFilter? filter) => new(filter, reader: null, StreamStates.Deleted);

    private async Task<List<(LogBlocker By, string? Role, bool IsExclusive)>> FetchLocksAsync(
        long last, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_blockers).With(last, NpgsqlDbType.Bigint);
        return await database.ReadAllAsync(
            batch, static row => (ReadBlocker(row), row.IsDBNull(9) ? null : row.GetString(9), row.GetBoolean(10)), cancellationToken)
            .ConfigureAwait(false);
    }

    private static LogBlocker ReadBlocker(NpgsqlDataReader row)
    {
        // One reading of the clock for both spans: a silence is never longer than the transaction that it is a part of.
        var now = row.GetDateTime(2);
        return new(
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
    }
}
