using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>
/// The text of a statement that reads a range of the versions of one stream. Parameters: tenant, id, lowest and highest version, count,
/// highest state that is seen; then the time and the weight that ends a page, or the aggregate and the shape of its snapshot.
/// </summary>
internal sealed class RangeSql
{
    private readonly SqlIdentifier _schema;
    private readonly string _direction;
    private readonly bool _isUntil;
    private readonly bool _isPage;
    private readonly bool _isHeaded;

    private RangeSql(SqlIdentifier schema, StreamShape shape)
    {
        _schema = schema;
        _direction = shape.HasFlag(StreamShape.Backwards) ? "desc" : "asc";
        _isUntil = shape.HasFlag(StreamShape.Until);
        _isPage = shape.HasFlag(StreamShape.Page);
        _isHeaded = shape.HasFlag(StreamShape.Headed);
    }

    private string Weight => _isPage ? $", {PageWeight.Column}" : "";

    public static string Write(SqlIdentifier schema, StreamShape shape)
    {
        var sql = new RangeSql(schema, shape);
        return shape.HasFlag(StreamShape.Kept) ? sql.ReadFromSnapshot() : shape.HasFlag(StreamShape.Linked) ? sql.ReadLinked() : sql.Read();
    }

    // The stream is looked up once; its key and versions bound the scan of its events. A stream with links gives one row that says so:
    // nearly all streams have none, and do not pay for links.
    private string Read()
    {
        var lastUntil = LastUntil(EventTables.Events, "(select key from stream where not linked)");
        var until = _isUntil ? $"\n  and e.version <= {lastUntil}" : "";
        var events = $"""
            select {EventColumns.OfStream}{Weight}
            from {_schema}.{EventTables.Events} e
            where e.stream = (select key from stream where not linked)
              and e.version >= (select lowest from stream)
              and e.version <= $4{until}
            order by e.version {_direction}
            limit $5
            """;
        return $"""
            {Stream(_isHeaded ? "s.linked, s.version, s.rewritten" : "s.linked")}
            {Head(lastUntil)}(
            select {EventColumns.Of(EventRowKind.Linked)}{(_isPage ? $", {PageWeight.Nulls}" : "")}
            from stream
            where linked
            )
            union all
            (
            {Cut(events, "version")}
            )
            """;
    }

    // Snapshots of another past, or beyond the range, do not count.
    private string ReadFromSnapshot() => $"""
        {Stream("s.linked, s.version, s.rewritten")},
        start as materialized (
          select s.key, s.rewritten, s.lowest, n.version, n.data
          from stream s
          left join lateral (
            select n.version, n.data
            from {_schema}.{SnapshotsSchema.Snapshots} n
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
        {Head(lastUntil: "")}(
        select {EventColumns.Of(EventRowKind.Linked)}
        from stream
        where linked
        )
        union all
        (
        select {EventColumns.Of(EventRowKind.Start, "key", "coalesce(version, 0)", "rewritten", "null::text", "data")}
        from start
        )
        union all
        (
        select {EventColumns.OfStream}
        from {_schema}.{EventTables.Events} e
        where e.stream = (select key from start)
          and e.version >= (select greatest(lowest, coalesce(version + 1, 0)) from start)
          and e.version <= $4
        order by e.version
        limit $5
        )
        """;

    // Rows are counted before the events are looked up. A link to an event that was removed, replaced or hidden in its own stream gives a
    // row without an event.
    private string ReadLinked()
    {
        var columns = EventColumns.OfLinks(
            "e.stream_id", "case when row.link_position is not null then row.version end as link_version", "row.link_position");
        var rows = $"""
            select {columns}{Weight}
            from (
              (
              select own.version, own.position as event_position, own.id as event_id, null::bigint as link_position
              from {_schema}.{EventTables.Events} own
              where own.stream = (select key from stream)
                {Within("own")}
              order by own.version {_direction}
              limit $5
              )
              union all
              (
              select l.version, l.event_position, l.event_id, l.position
              from {_schema}.{LinksSchema.Links} l
              where l.stream = (select key from stream)
                {Within("l")}
              order by l.version {_direction}
              limit $5
              )
              order by version {_direction}
              limit $5
            ) as row
            left join lateral (
              select e.*, s.id as stream_id
              from {_schema}.{EventTables.Events} e
              {StreamLookup.Of(_schema, "e", "s.id", StreamLookup.IsShown("$6"))}
              where e.position = row.event_position
                and (row.event_id is null or e.id = row.event_id)
              limit 1
            ) as e on true
            order by row.version {_direction}
            """;
        var lastEvent = LastUntil(EventTables.Events, "(select key from stream)");
        var lastLink = LastUntil(LinksSchema.Links, "(select key from stream)");
        var read = Cut(rows, "coalesce(link_version, version)");
        return $"""
            {Stream(_isHeaded ? "s.version, s.rewritten" : "")}{(_isUntil
                ? $",\nuntil as materialized (\n  select greatest({lastEvent}, {lastLink}) as version\n)"
                : "")}
            {Head("(select version from until)", "null::text, null::bigint, null::bigint, ")}{(_isHeaded ? $"(\n{read}\n)" : read)}
            """;
    }

    /// <summary>Says which state of the stream the statement reads, by the last version that may be among its events.</summary>
    private string Head(string lastUntil, string further = "")
    {
        var version = _isUntil ? $"least(version, $4, coalesce({lastUntil}, 0))" : "least(version, $4)";
        return _isHeaded
            ? $"""
                (
                select {EventColumns.Of(EventRowKind.Head, "key", version, "rewritten", "null::text", $"{further}null::jsonb")}
                from stream
                )
                union all

                """
            : "";
    }

    private string Stream(string further) => $"""
        with stream as materialized (
          select s.key, greatest(s.truncated_before, $3) as lowest{(further.Length == 0 ? "" : $", {further}")}
          from {_schema}.{EventTables.Streams} s
          where s.tenant = $1
            and s.id = $2
            and s.state <= $6
        )
        """;

    private string Within(string row) => $"""
        and {row}.version >= (select lowest from stream)
                and {row}.version <= $4{(_isUntil ? $"\n            and {row}.version <= (select version from until)" : "")}
        """;

    private string Cut(string rows, string order) => _isPage ? PageWeight.Cut(rows, $"{order} {_direction}", _isUntil ? "$8" : "$7") : rows;

    /// <summary>The last version at or before a time. Clocks differ, so earlier versions may have later times: they are included.</summary>
    private string LastUntil(string table, string stream) => $"""
        (
            select u.version
            from {_schema}.{table} u
            where u.stream = {stream}
              and u.recorded_at <= $7
            order by u.version desc
            limit 1
          )
        """;
}
