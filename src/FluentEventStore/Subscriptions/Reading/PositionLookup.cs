using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>Finds where the log was at a time.</summary>
/// <remarks>
/// Timestamps are those of the writers' clocks, or imported, so they are no order and no part of the log can be left out: a position is the
/// lowest one only if all before it were looked at. So the log is read from its beginning up to the answer, page by page, without data. A
/// million events take about a fifth of a second if they are in memory.
/// </remarks>
internal sealed class PositionLookup(Database database, SqlIdentifier schema, Settler settler)
{
    private readonly string _page = $"""
        select
          pg_catalog.max(page.position),
          pg_catalog.min(page.position) filter (where page.recorded_at >= $3)
        from (
          select e.position, e.recorded_at
          from {schema}.{EventTables.Events} e
          where e.position > $1
            and e.position <= $2
          order by e.position
          limit $4
        ) as page
        """;

    /// <summary>How many events a statement looks at.</summary>
    internal int EventsOfPage { get; init; } = 100_000;

    /// <summary>The position after which a reader begins who wants what was recorded from an instant on.</summary>
    /// <returns>
    /// One less than the lowest settled position whose event has a timestamp at or after the instant; the settled position if none has.
    /// Later events may have earlier timestamps.
    /// </returns>
    public async Task<long> FindAsync(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        var earliest = ToMicroseconds(instant);
        var settled = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
        for (var after = 0L; after < settled.Position;)
        {
            var (last, found) = await LookAsync(after, settled.Position, earliest, cancellationToken).ConfigureAwait(false);
            if (found is { } position)
                return position - 1;

            after = last ?? settled.Position;
        }

        return settled.Position;
    }

    // The database counts microseconds: an instant between two is before the later one.
    private static DateTimeOffset ToMicroseconds(DateTimeOffset instant)
    {
        var utc = instant.ToUniversalTime();
        var beyond = utc.Ticks % TimeSpan.TicksPerMicrosecond;
        return beyond == 0
            ? utc
            : DateTimeOffset.MaxValue.Ticks - utc.Ticks < TimeSpan.TicksPerMicrosecond
                ? DateTimeOffset.MaxValue
                : utc.AddTicks(TimeSpan.TicksPerMicrosecond - beyond);
    }

    private async Task<(long? Last, long? Found)> LookAsync(
        long after, long to, DateTimeOffset earliest, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(Planning.ForPages);
        batch.Add(_page)
            .With(after, NpgsqlDbType.Bigint)
            .With(to, NpgsqlDbType.Bigint)
            .With(earliest, NpgsqlDbType.TimestampTz)
            .With(EventsOfPage, NpgsqlDbType.Integer);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
            return (rows.IsDBNull(0) ? null : rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetInt64(1));
        }
    }
}
