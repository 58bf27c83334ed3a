using System.Collections.Concurrent;
using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>
/// The statements that read a page of the log, one text for each shape. Parameters: the positions above which and up to which, how many events, the weight
/// that ends a page, the highest state of a stream that is seen, then those of the conditions of the <see cref="LogQuery"/>.
/// </summary>
internal sealed class LogSql(SqlIdentifier schema)
{
    private const int FirstCondition = 6;

    private readonly ConcurrentDictionary<LogShape, string> _pages = new();
    private readonly ConcurrentDictionary<LogShape, string> _nexts = new();

    /// <summary>The statement that reads the events of a range.</summary>
    public string PageOf(LogShape shape) => _pages.GetOrAdd(shape, WritePage);

    /// <summary>The statement that reads the first position of a range, in reading order, whose event may pass.</summary>
    public string NextOf(LogShape shape) => _nexts.GetOrAdd(shape, WriteNext);

    private string WritePage(LogShape shape)
    {
        var (ofEvents, ofStreams) = ConditionsOf(shape);
        var direction = DirectionOf(shape);
        var unlessHidden = shape.HasFlag(LogShape.Hidden) ? "" : "\n    and s.truncated_before <= e.version";
        var tenant = shape.HasFlag(LogShape.TenantColumn);
        var columns = tenant ? EventRowReader.ColumnsWith("s.id as stream_id", "s.tenant") : EventRowReader.ColumnsWith("s.id as stream_id");
        var page = shape.HasFlag(LogShape.OneStream) ? OfOneStream() : OfLog();
        return PageWeight.Cut(page, $"position {direction}", "$4");

        // Lateral with an offset, so that the log drives: a plan that begins with the streams reads the log once for each of them.
        string OfLog() => $"""
            select {columns}, {PageWeight.Column}
            from {schema}.{EventTables.Events} e
            cross join lateral (
              select s.id, s.tenant
              from {schema}.{EventTables.Streams} s
              where s.key = e.stream
                and s.state <= $5{unlessHidden}{ofStreams}
              offset 0
            ) as s
            where e.position > $1
              and e.position <= $2{ofEvents}
            order by e.position {direction}
            limit $3
            """;

        // The versions of a stream follow its positions, so its key and versions bound the scan.
        string OfOneStream() => $"""
            select {columns}, {PageWeight.Column}
            from {schema}.{EventTables.Streams} s
            cross join lateral (
              select {schema}.{StreamVersionFunction.Name}(s.key, $1) as lowest, {schema}.{StreamVersionFunction.Name}(s.key, $2) as highest
              offset 0
            ) as within
            cross join lateral (
              select e.*
              from {schema}.{EventTables.Events} e
              where e.stream = s.key
                and e.version > within.lowest
                and e.version <= within.highest{unlessHidden}{ofEvents}
              order by e.version {direction}
              limit $3
            ) as e
            where s.state <= $5{ofStreams}
            order by e.position {direction}
            limit $3
            """;
    }

    private string WriteNext(LogShape shape)
    {
        var direction = DirectionOf(shape);
        if (!shape.HasFlag(LogShape.OneStream))
        {
            return $"""
                select e.position
                from {schema}.{EventTables.Events} e
                where e.position > $1
                  and e.position <= $2
                order by e.position {direction}
                limit 1
                """;
        }

        var (_, ofStreams) = ConditionsOf(shape);
        var nearest = shape.HasFlag(LogShape.Backwards)
            ? $"e.version <= {schema}.{StreamVersionFunction.Name}(s.key, $2)"
            : $"e.version > {schema}.{StreamVersionFunction.Name}(s.key, $1)";
        return $"""
            select e.position
            from {schema}.{EventTables.Streams} s
            cross join lateral (
              select e.position
              from {schema}.{EventTables.Events} e
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

    // In the order in which LogQuery adds the parameters.
    private static (string OfEvents, string OfStreams) ConditionsOf(LogShape shape)
    {
        var parameter = FirstCondition;
        var ofEvents = Condition(LogShape.Types, "e.type = any ({0})")
            + Condition(LogShape.Headers, "e.headers @> {0}")
            + Condition(LogShape.Earliest, "e.recorded_at >= {0}")
            + Condition(LogShape.Latest, "e.recorded_at <= {0}");
        var ofStreams = Condition(LogShape.Tenants, "s.tenant = any ({0})")
            + (shape.HasFlag(LogShape.StreamIds) && shape.HasFlag(LogShape.StreamPrefixes)
                ? $"\n  and (s.id = any (${parameter++}) or s.id ^@ any (${parameter++}))"
                : Condition(LogShape.StreamIds, "s.id = any ({0})") + Condition(LogShape.StreamPrefixes, "s.id ^@ any ({0})"))
            + Condition(LogShape.AggregateTypes, "s.aggregate_type = any ({0})");
        return (ofEvents, ofStreams);

        string Condition(LogShape flag, string format) => shape.HasFlag(flag) ? $"\n  and {string.Format(null, format, $"${parameter++}")}" : "";
    }
}
