using System.Collections.Concurrent;
using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The statements that read a page of the log, one text for each shape.</summary>
internal sealed class LogSql(SqlIdentifier schema)
{
    private readonly ConcurrentDictionary<LogShape, string> _texts = new();

    /// <summary>The statement of a shape. Parameters: the positions above which and up to which, how many, then those of the <see cref="LogQuery"/>.</summary>
    public string Of(LogShape shape) => _texts.GetOrAdd(shape, Write);

    // Lateral with an offset, so that the log drives: a plan that begins with the streams reads the log once for each of them.
    private string Write(LogShape shape)
    {
        var parameter = 4;
        var ofEvents = Condition(LogShape.Types, "e.type = any ({0})")
            + Condition(LogShape.Headers, "e.headers @> {0}")
            + Condition(LogShape.Earliest, "e.recorded_at >= {0}")
            + Condition(LogShape.Latest, "e.recorded_at <= {0}");
        var ofStreams = Condition(LogShape.Tenants, "s.tenant = any ({0})")
            + Condition(LogShape.StreamPrefixes, "s.id ^@ any ({0})")
            + Condition(LogShape.AggregateTypes, "s.aggregate_type = any ({0})");
        var unlessHidden = shape.HasFlag(LogShape.Hidden) ? "" : "\n    and s.truncated_before <= e.version";
        var columns = shape.HasFlag(LogShape.TenantColumn) ? EventRowReader.ColumnsWith("s.id", "s.tenant") : EventRowReader.ColumnsWith("s.id");
        return $"""
            select {columns}
            from {schema}.events e
            cross join lateral (
              select s.id, s.tenant
              from {schema}.streams s
              where s.key = e.stream
                and s.state <= $4{unlessHidden}{ofStreams}
              offset 0
            ) as s
            where e.position > $1
              and e.position <= $2{ofEvents}
            order by e.position {(shape.HasFlag(LogShape.Backwards) ? "desc" : "asc")}
            limit $3
            """;

        string Condition(LogShape flag, string format) => shape.HasFlag(flag) ? $"\n  and {string.Format(null, format, $"${++parameter}")}" : "";
    }
}
