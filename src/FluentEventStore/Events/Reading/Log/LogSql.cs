using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>
/// The statements that read a page of the log, one text for each shape. Parameters: the positions above which and up to which, how many
/// events, the weight that ends a page, the highest state of a stream that is seen, then those of the conditions of the
/// <see cref="LogQuery"/>.
/// </summary>
internal sealed class LogSql
{
    private const string IsOfOneTag =
        $"t.tenant = {LogConditions.TenantOfTag} and t.tag = ({LogConditions.Tags})[1] and t.position > $1 and t.position <= $2";

    private readonly SqlIdentifier _schema;
    private readonly ShapedSql<LogShape> _pages;
    private readonly ShapedSql<LogShape> _nexts;

    public LogSql(SqlIdentifier schema)
    {
        _schema = schema;
        _pages = new ShapedSql<LogShape>(WritePage);
        _nexts = new ShapedSql<LogShape>(WriteNext);
    }

    /// <summary>The statement to send before that of a shape.</summary>
    public static string PlanningOf(LogShape shape) =>
        (shape & (LogShape.OneStream | LogShape.OneTag)) == LogShape.None ? Planning.ForLog : Planning.ForPages;

    /// <summary>The statement that reads the events of a range.</summary>
    public string PageOf(LogShape shape) => _pages[shape];

    /// <summary>The statement that reads the first position of a range, in reading order, that has an event which may pass.</summary>
    public string NextOf(LogShape shape) => _nexts[shape];

    private string WritePage(LogShape shape)
    {
        var (ofEvents, ofStreams) = LogConditions.Write(shape);
        var direction = DirectionOf(shape);
        var isHidden = shape.HasFlag(LogShape.Hidden);
        var unlessHidden = isHidden ? "" : $"\n  and {StreamLookup.IsLeft}";
        var tenant = shape.HasFlag(LogShape.TenantColumn);
        var columns = tenant ? EventColumns.OfTenants("s.id as stream_id", "s.tenant") : EventColumns.OfStreams("s.id as stream_id");
        var ofTags = (shape & (LogShape.Tags | LogShape.OneTag)) switch
        {
            LogShape.None => "",
            LogShape.Tags => HasTags(LogConditions.Tags),
            _ => HasTags($"({LogConditions.Tags})[2:]"),
        };
        var page = shape.HasFlag(LogShape.OneStream) ? OfOneStream() : shape.HasFlag(LogShape.OneTag) ? OfOneTag() : OfLog();
        return PageWeight.Cut(page, $"position {direction}", "$4");

        // Whether an event is left is asked of each row that was joined. Asked while its stream is looked up, it would be a part of what
        // the server remembers that stream by; and events often come in runs of one stream.
        string OfLog() => $"""
            select {(tenant ? EventColumns.OfTenants("e.stream_id", "e.tenant") : EventColumns.OfStreams("e.stream_id"))}, e.weight
            from (
              select {columns}, {PageWeight.Column}, {(isHidden ? "true" : StreamLookup.IsLeft)} as is_left
              from {_schema}.{EventTables.Events} e
              {StreamLookup.Of(_schema, "e", "s.id, s.tenant, s.truncated_before", $"and s.state <= $5{ofStreams}")}
              where e.position > $1
                and e.position <= $2{ofEvents}{ofTags}
              order by e.position {direction}
              offset 0
            ) as e
            where e.is_left
            order by e.position {direction}
            limit $3
            """;

        // The rows of the first tag drive.
        string OfOneTag() => $"""
            select {columns}, {PageWeight.Column}
            from {_schema}.{EventTables.EventTags} t
            cross join lateral (
              select e.*
              from {_schema}.{EventTables.Events} e
              where e.position = t.position
              limit 1
            ) as e
            {StreamLookup.Of(_schema, "e", "s.id, s.tenant", $"and s.state <= $5{unlessHidden}{ofStreams}")}
            where {IsOfOneTag}{ofEvents}{ofTags}
            order by t.position {direction}
            limit $3
            """;

        // The versions of a stream ascend with its positions, so its key and versions bound the scan.
        string OfOneStream() => $"""
            select {columns}, {PageWeight.Column}
            from {_schema}.{EventTables.Streams} s
            cross join lateral (
              select
                {_schema}.{StreamVersionFunction.Name}(s.key, $1) as lowest,
                {_schema}.{StreamVersionFunction.Name}(s.key, $2) as highest
              offset 0
            ) as within
            cross join lateral (
              select e.*
              from {_schema}.{EventTables.Events} e
              where e.stream = s.key
                and e.version > within.lowest
                and e.version <= within.highest{unlessHidden}{ofEvents}{ofTags}
              order by e.version {direction}
              limit $3
            ) as e
            where s.state <= $5{ofStreams}
            order by e.position {direction}
            limit $3
            """;
    }

    private string HasTags(string tags) => $"""

          and (
            select pg_catalog.count(*)
            from {_schema}.{EventTables.EventTags} o
            where o.tenant = s.tenant
              and o.position = e.position
              and o.tag = any ({tags})
          ) = pg_catalog.cardinality({tags})
        """;

    private string WriteNext(LogShape shape)
    {
        var direction = DirectionOf(shape);
        if (shape.HasFlag(LogShape.OneTag))
        {
            return $"""
                select t.position
                from {_schema}.{EventTables.EventTags} t
                where {IsOfOneTag}
                order by t.position {direction}
                limit 1
                """;
        }

        if (!shape.HasFlag(LogShape.OneStream))
        {
            return $"""
                select e.position
                from {_schema}.{EventTables.Events} e
                where e.position > $1
                  and e.position <= $2
                order by e.position {direction}
                limit 1
                """;
        }

        var (_, ofStreams) = LogConditions.Write(shape);
        var nearest = shape.HasFlag(LogShape.Backwards)
            ? $"e.version <= {_schema}.{StreamVersionFunction.Name}(s.key, $2)"
            : $"e.version > {_schema}.{StreamVersionFunction.Name}(s.key, $1)";
        return $"""
            select e.position
            from {_schema}.{EventTables.Streams} s
            cross join lateral (
              select e.position
              from {_schema}.{EventTables.Events} e
              where e.stream = s.key
                and {nearest}
              order by e.version {direction}
              limit 1
            ) as e
            where s.state <= $5{ofStreams}
              and e.position > $1
              and e.position <= $2
            """;
    }

    private static string DirectionOf(LogShape shape) => shape.HasFlag(LogShape.Backwards) ? "desc" : "asc";
}
