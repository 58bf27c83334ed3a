using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// The conditions for reading the log: those of events, then those of their streams. Statements write the one of tags themselves, as it
/// names a table.
/// </summary>
internal static class LogConditions
{
    /// <summary>The parameter with the tags, in shapes that have some.</summary>
    public const string Tags = "$6";

    /// <summary>The parameter with the tenant, in shapes in which a tag finds the events.</summary>
    public const string TenantOfTag = "$7";

    private const int FirstParameter = 6;

    private const NpgsqlDbType Texts = NpgsqlDbType.Array | NpgsqlDbType.Text;
    private const NpgsqlDbType Time = NpgsqlDbType.TimestampTz;

    private static readonly ShapedConditions<LogShape, LogQuery> OfEvents = new(
        If(LogShape.Types, "and e.type = any ({0})", static (to, query) => to.With(query.TypeNames, Texts)),
        If(LogShape.Headers, "and e.headers @> {0}", static (to, query) => to.With(query.Headers, NpgsqlDbType.Jsonb)),
        If(LogShape.Earliest, "and e.recorded_at >= {0}", static (to, query) => to.With(query.Earliest, Time)),
        If(LogShape.Latest, "and e.recorded_at <= {0}", static (to, query) => to.With(query.Latest, Time)));

    private static readonly ShapedConditions<LogShape, LogQuery> OfStreams = new(
        If(LogShape.Tenants, "and s.tenant = any ({0})", static (to, query) => to.With(query.Tenants, Texts)),
        If(LogShape.StreamIds, butNot: LogShape.StreamPrefixes, "and s.id = any ({0})", AddStreamIds),
        If(LogShape.StreamPrefixes, butNot: LogShape.StreamIds, "and s.id ^@ any ({0})", AddStreamPrefixes),
        If(LogShape.StreamIds | LogShape.StreamPrefixes, "and (s.id = any ({0})", AddStreamIds),
        If(LogShape.StreamIds | LogShape.StreamPrefixes, "or s.id ^@ any ({0}))", AddStreamPrefixes),
        If(LogShape.AggregateTypes, "and s.aggregate_type = any ({0})", static (to, query) => to.With(query.AggregateTypes, Texts)));

    /// <summary>The texts of the conditions that a shape has.</summary>
    public static (string OfEvents, string OfStreams) Write(LogShape shape)
    {
        var parameter = FirstParameter + (shape.HasFlag(LogShape.Tags) ? 1 : 0) + (shape.HasFlag(LogShape.OneTag) ? 1 : 0);
        var ofEvents = OfEvents.Write(shape, ref parameter);
        return (ofEvents, OfStreams.Write(shape, ref parameter));
    }

    /// <summary>Adds the parameters of the conditions that a query has.</summary>
    public static void AddParameters(NpgsqlBatchCommand command, LogQuery query)
    {
        if (query.Shape.HasFlag(LogShape.Tags))
            command.With(query.Tags, Texts);
        if (query.Shape.HasFlag(LogShape.OneTag))
            command.With(query.TenantId.Value, NpgsqlDbType.Text);

        OfEvents.AddParameters(command, query.Shape, query);
        OfStreams.AddParameters(command, query.Shape, query);
    }

    private static void AddStreamIds(NpgsqlBatchCommand command, LogQuery query) => command.With(query.StreamIds, Texts);

    private static void AddStreamPrefixes(NpgsqlBatchCommand command, LogQuery query) => command.With(query.StreamPrefixes, Texts);

    private static ShapedCondition<LogShape, LogQuery> If(LogShape flags, string text, Action<NpgsqlBatchCommand, LogQuery> addParameter) =>
        If(flags, butNot: LogShape.None, text, addParameter);

    private static ShapedCondition<LogShape, LogQuery> If(
        LogShape flags, LogShape butNot, string text, Action<NpgsqlBatchCommand, LogQuery> addParameter) =>
        new(shape => (shape & (flags | butNot)) == flags, text, addParameter);
}
