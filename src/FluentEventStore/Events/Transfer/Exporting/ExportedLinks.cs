using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Reads the links between exported events: like events, they have positions of the log.</summary>
internal sealed class ExportedLinks(Database database, SqlIdentifier schema)
{
    private readonly string _last = $"""
        select l.position
        from {schema}.{LinksSchema.Links} l
        where l.position > $1
          and l.position <= $2
        order by l.position desc
        limit 1
        """;

    private readonly string _log = $"""
        select {ColumnsOf(schema)}
        from {schema}.{LinksSchema.Links} l
        {StreamLookup.Of(schema, "l", EventExporter.OfStream, EventExporter.Selected)}
        where l.position > $1
          and l.position <= $2
        order by l.position
        limit $3
        """;

    private readonly string _stream = $"""
        select {ColumnsOf(schema)}
        from {schema}.{EventTables.Streams} s
        cross join lateral (
          select l.*
          from {schema}.{LinksSchema.Links} l
          where l.stream = s.key
            and l.version > $6
            and l.position > $1
            and l.position <= $2
          order by l.version
          limit $3
        ) as l
        where s.tenant = $4
          and s.id = $5
        order by l.version
        """;

    /// <summary>Adds the statement that reads the first links of a range.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="options">Which streams.</param>
    /// <param name="range">
    /// The positions after which and up to which links are read; if one stream is asked for, also the version after which.
    /// </param>
    /// <param name="count">How many at most.</param>
    public void Add(NpgsqlBatch batch, ExportOptions options, (long After, long To, long Version) range, int count)
    {
        var ofStream = !options.StreamId.IsDefault;
        var command = batch.Add(ofStream ? _stream : _log)
            .With(range.After, NpgsqlDbType.Bigint)
            .With(range.To, NpgsqlDbType.Bigint)
            .With(count, NpgsqlDbType.Integer)
            .WithText(options.TenantId?.Value)
            .WithText(ofStream ? options.StreamId.Value : options.StreamPrefix);
        if (ofStream)
            command.With(range.Version, NpgsqlDbType.Bigint);
    }

    public static async Task<Queue<ExportedLink>> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var links = new Queue<ExportedLink>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            links.Enqueue(new ExportedLink(
                rows.GetString(0),
                rows.GetString(1),
                rows.IsDBNull(2) ? null : rows.GetString(2),
                rows.GetInt64(3),
                rows.GetInt64(4),
                rows.IsDBNull(5) ? Guid.Empty : rows.GetGuid(5),
                rows.GetInstant(6),
                rows.GetInt64(7),
                rows.GetInt16(8),
                rows.GetInt64(9)));
        }

        return links;
    }

    /// <summary>
    /// How far the log may be exported. The settled position is that of an event. Links whose transactions have ended may follow it; a
    /// standby knows nothing of them, so they come with the next event.
    /// </summary>
    public async Task<long> FindEndAsync(Settled settled, CancellationToken cancellationToken)
    {
        var ended = settled.IsStandby ? settled.Position : settled.HeldBackAt ?? settled.Last;
        if (ended <= settled.Position)
            return settled.Position;

        using var batch = new NpgsqlBatch();
        batch.Add(_last).With(settled.Position, NpgsqlDbType.Bigint).With(ended, NpgsqlDbType.Bigint);
        return await database.ReadFirstAsync(batch, static row => (long?)row.GetInt64(0), cancellationToken).ConfigureAwait(false)
            ?? settled.Position;
    }

    private static string ColumnsOf(SqlIdentifier schema) => $"""
        s.tenant, s.id as stream_id, s.aggregate_type, l.position, l.version,
               coalesce(
                 l.event_id,
                 (select e.id from {schema}.{EventTables.Events} e where e.position = l.event_position limit 1)) as event_id,
               l.recorded_at, s.truncated_before, s.state, s.version as stream_version
        """;
}
