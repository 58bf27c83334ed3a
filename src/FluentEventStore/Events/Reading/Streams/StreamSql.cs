using System.Collections.Concurrent;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// The statements that read one stream, one text for each shape. Parameters: tenant, id, lowest and highest version, count, highest state that is seen, then the time and
/// the weight that ends a page, where the shape has them.
/// </summary>
internal sealed class StreamSql(SqlIdentifier schema)
{
    private readonly ConcurrentDictionary<StreamShape, string> _texts = new();

    private readonly string _past = $"select s.key, s.truncated_before from {schema}.{EventTables.Streams} s where s.tenant = $1 and s.id = $2 and s.state <= $3";

    // The first row is no event: it says which stream it is, how often its past was changed, and the state to begin with where one was kept. What was kept of another past, or
    // beyond what is asked for, does not count. Parameters beyond: the aggregate, the shape.
    private readonly string _fromSnapshot = $"""
        with stream as materialized (
          select s.key, s.version, greatest(s.truncated_before, $3) as lowest, s.linked, s.rewritten
          from {schema}.{EventTables.Streams} s
          where s.tenant = $1
            and s.id = $2
            and s.state <= $6
        ),
        start as materialized (
          select s.key, s.rewritten, s.lowest, n.version, n.data
          from stream s
          left join lateral (
            select n.version, n.data
            from {schema}.{SnapshotsSchema.Snapshots} n
            where n.stream = s.key
              and n.aggregate = $7
              and n.shape = $8 || '/' || n.version
              and n.rewritten = s.rewritten
              and n.version >= s.lowest
              and n.version <= least(s.version, $4)
            limit 1
          ) as n on true
          where not s.linked
        )
        (
        select {EventRowReader.Nulls}
        from stream
        where linked
        )
        union all
        (
        select -key, coalesce(version, 0), null, null, rewritten, null, null, null, null, null, data
        from start
        )
        union all
        (
        select {EventRowReader.Columns}
        from {schema}.{EventTables.Events} e
        where e.stream = (select key from start)
          and e.version >= (select greatest(lowest, coalesce(version + 1, 0)) from start)
          and e.version <= $4
        order by e.version
        limit $5
        )
        """;

    /// <summary>Adds the statement that reads a range of versions.</summary>
    public void Add(NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamSpan range, bool isLinked, long? weight)
    {
        var shape = Flag(StreamShape.Backwards, range.IsBackwards) | Flag(StreamShape.Until, range.Until is not null)
            | Flag(StreamShape.Linked, isLinked) | Flag(StreamShape.Page, weight is not null);
        var command = Add(batch, _texts.GetOrAdd(shape, Write), tenantId, streamId, range);
        if (range.Until is { } until)
            command.With(until.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        if (weight is { } limit)
            command.With(limit, NpgsqlDbType.Bigint);
    }

    /// <summary>Adds the statement that reads a range of versions, forwards, and the state that a folding of them begins with.</summary>
    public void Add(NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamSpan range, SnapshotFold fold) =>
        Add(batch, _fromSnapshot, tenantId, streamId, range).With(fold.Aggregate, NpgsqlDbType.Text).With(fold.Shape, NpgsqlDbType.Text);

    /// <summary>Adds the statement that reads what a stream has behind it: its key, and its lowest version.</summary>
    public void AddPast(NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamSpan range) => batch.Add(_past)
        .With(tenantId.Value, NpgsqlDbType.Text)
        .With(streamId.Value, NpgsqlDbType.Text)
        .With(StreamStates.Seen(range.IncludesArchived), NpgsqlDbType.Smallint);

    private static StreamShape Flag(StreamShape flag, bool isSet) => isSet ? flag : StreamShape.None;

    private static NpgsqlBatchCommand Add(NpgsqlBatch batch, string sql, TenantId tenantId, StreamId streamId, StreamSpan range) => batch.Add(sql)
        .With(tenantId.Value, NpgsqlDbType.Text)
        .With(streamId.Value, NpgsqlDbType.Text)
        .With(range.FromVersion, NpgsqlDbType.Bigint)
        .With(range.ToVersion, NpgsqlDbType.Bigint)
        .With(range.MaxCount, NpgsqlDbType.Integer)
        .With(StreamStates.Seen(range.IncludesArchived), NpgsqlDbType.Smallint);

    private string Write(StreamShape shape)
    {
        var direction = shape.HasFlag(StreamShape.Backwards) ? "desc" : "asc";
        var (isUntil, isPage) = (shape.HasFlag(StreamShape.Until), shape.HasFlag(StreamShape.Page));
        var limit = isUntil ? "$8" : "$7";
        return shape.HasFlag(StreamShape.Linked) ? ReadLinked() : Read();

        // The stream is looked up once, before the scan of its events, which its key and versions bound. Of a stream with links comes one row of nulls instead:
        // so the others, nearly all, do not pay for links.
        string Read()
        {
            var events = $"""
                select {EventRowReader.Columns}{(isPage ? $", {PageWeight.Column}" : "")}
                from {schema}.{EventTables.Events} e
                where e.stream = (select key from stream where not linked)
                  and e.version >= (select lowest from stream)
                  and e.version <= $4{(isUntil ? $"\n  and e.version <= {LastUntil("events", "(select key from stream where not linked)")}" : "")}
                order by e.version {direction}
                limit $5
                """;
            return $"""
                with stream as materialized (
                  select s.key, greatest(s.truncated_before, $3) as lowest, s.linked
                  from {schema}.{EventTables.Streams} s
                  where s.tenant = $1
                    and s.id = $2
                    and s.state <= $6
                )
                (
                select {EventRowReader.Nulls}{(isPage ? $", {PageWeight.Nulls}" : "")}
                from stream
                where linked
                )
                union all
                (
                {(isPage ? PageWeight.Cut(events, $"version {direction}", limit) : events)}
                )
                """;
        }

        // Rows are counted before the events are looked up: one that leads to an event that was removed or replaced, or is hidden in its own stream, comes without an event.
        string ReadLinked()
        {
            var rows = $"""
                select {EventRowReader.ColumnsWith("e.stream_id", "case when row.link_position is not null then row.version end as link_version", "row.link_position")}{(isPage ? $", {PageWeight.Column}" : "")}
                from (
                  (
                  select own.version, own.position as event_position, own.id as event_id, null::bigint as link_position
                  from {schema}.{EventTables.Events} own
                  where own.stream = (select key from stream)
                    {Within("own")}
                  order by own.version {direction}
                  limit $5
                  )
                  union all
                  (
                  select l.version, l.event_position, l.event_id, l.position
                  from {schema}.{LinksSchema.Links} l
                  where l.stream = (select key from stream)
                    {Within("l")}
                  order by l.version {direction}
                  limit $5
                  )
                  order by version {direction}
                  limit $5
                ) as row
                left join lateral (
                  select e.*, o.id as stream_id
                  from {schema}.{EventTables.Events} e
                  cross join lateral (
                    select o.id
                    from {schema}.{EventTables.Streams} o
                    where o.key = e.stream
                      and o.state <= $6
                      and o.truncated_before <= e.version
                    limit 1
                  ) as o
                  where e.position = row.event_position
                    and (row.event_id is null or e.id = row.event_id)
                  limit 1
                ) as e on true
                order by row.version {direction}
                """;
            return $"""
                with stream as materialized (
                  select s.key, greatest(s.truncated_before, $3) as lowest
                  from {schema}.{EventTables.Streams} s
                  where s.tenant = $1
                    and s.id = $2
                    and s.state <= $6
                )
                {(isUntil ? $", until as materialized (\n  select greatest({LastUntil("events", "(select key from stream)")}, {LastUntil("links", "(select key from stream)")}) as version\n)" : "")}
                {(isPage ? PageWeight.Cut(rows, $"coalesce(link_version, version) {direction}", limit) : rows)}
                """;
        }

        string Within(string row) => $"""
            and {row}.version >= (select lowest from stream)
                    and {row}.version <= $4{(isUntil ? $"\n            and {row}.version <= (select version from until)" : "")}
            """;
    }

    /// <summary>The last version at or before a time. Clocks differ, so one before it may be of a later time: it is part of what the stream was.</summary>
    private string LastUntil(string table, string stream) => $"""
        (
            select u.version
            from {schema}.{table} u
            where u.stream = {stream}
              and u.recorded_at <= $7
            order by u.version desc
            limit 1
          )
        """;
}
