using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Events;

/// <inheritdoc cref="IEventLog"/>
internal sealed class EventLog(Database database, SqlIdentifier schema, LogReader reader, Settler settler, OrderingChecks ordering)
    : IEventLog
{
    private readonly LogLocks _locks = new(database, schema);

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

        var locks = await _locks.FetchAsync(settled.Last, cancellationToken).ConfigureAwait(false);
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
}
