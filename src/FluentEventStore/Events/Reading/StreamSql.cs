using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>
/// The statements that read one stream. Parameters: tenant, id, lowest and highest version, count, highest state that is seen, and what the condition
/// names.
/// </summary>
internal static class StreamSql
{
    // The stream is looked up once, before the scan of its events, which its key and versions bound. Of a stream with links comes one row of nulls instead:
    // so the others, nearly all, do not pay for links.
    public static string Read(SqlIdentifier schema, string condition, string direction) => $"""
        with stream as materialized (
          select s.key, greatest(s.truncated_before, $3) as lowest, s.linked
          from {schema}.streams s
          where s.tenant = $1
            and s.id = $2
            and s.state <= $6
        )
        (
        select {EventRowReader.Nulls}
        from stream
        where linked
        )
        union all
        (
        select {EventRowReader.Columns}
        from {schema}.events e
        where e.stream = (select key from stream where not linked)
          and e.version >= (select lowest from stream)
          and e.version <= $4
          {condition}
        order by e.version {direction}
        limit $5
        )
        """;

    // The first row is no event: it says which stream it is, how often its past was changed, and the state to begin with where one was kept. What was kept of another past, or
    // beyond what is asked for, does not count. Parameters beyond: the aggregate, the shape.
    public static string ReadFromSnapshot(SqlIdentifier schema) => $"""
        with stream as materialized (
          select s.key, s.version, greatest(s.truncated_before, $3) as lowest, s.linked, s.rewritten
          from {schema}.streams s
          where s.tenant = $1
            and s.id = $2
            and s.state <= $6
        ),
        start as materialized (
          select s.key, s.rewritten, s.lowest, n.version, n.data
          from stream s
          left join lateral (
            select n.version, n.data
            from {schema}.snapshots n
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
        from {schema}.events e
        where e.stream = (select key from start)
          and e.version >= (select greatest(lowest, coalesce(version + 1, 0)) from start)
          and e.version <= $4
        order by e.version
        limit $5
        )
        """;

    // What a link leads to is left out where it was removed or replaced, or is hidden in its own stream.
    public static string ReadLinked(SqlIdentifier schema, string condition, string direction) => $"""
        with stream as materialized (
          select s.key, greatest(s.truncated_before, $3) as lowest
          from {schema}.streams s
          where s.tenant = $1
            and s.id = $2
            and s.state <= $6
        )
        select {EventRowReader.ColumnsWith("o.id", "row.link_version", "row.link_position")}
        from (
          select own.version, own.position as event_position, own.id as event_id, null::bigint as link_version, null::bigint as link_position
          from {schema}.events own
          where own.stream = (select key from stream)
            and own.version >= (select lowest from stream)
            and own.version <= $4
          union all
          select l.version, l.event_position, l.event_id, l.version, l.position
          from {schema}.links l
          where l.stream = (select key from stream)
            and l.version >= (select lowest from stream)
            and l.version <= $4
        ) as row
        cross join lateral (
          select e.*
          from {schema}.events e
          where e.position = row.event_position
            and (row.event_id is null or e.id = row.event_id)
            {condition}
          limit 1
        ) as e
        cross join lateral (
          select o.id
          from {schema}.streams o
          where o.key = e.stream
            and o.state <= $6
            and o.truncated_before <= e.version
          limit 1
        ) as o
        order by row.version {direction}
        limit $5
        """;
}
