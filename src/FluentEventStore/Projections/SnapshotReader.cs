using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Projections;

/// <summary>
/// Reads the snapshots of one aggregate type together with the versions of their streams and the events that a snapshot does not hold yet. Those are
/// none as a rule; all of the stream where the snapshot is newly kept or was deleted. Of an archived or deleted stream neither is there for its readers.
/// </summary>
internal sealed class SnapshotReader(SqlIdentifier schema, AggregateType type, DocumentTable table, PersonalData personalData)
{
    // Lateral with a limit, so that each row is fetched by its key: a plan is kept while the tables grow, and one that joins what was small when it
    // was made would read the whole of it for ever after.
    private readonly string _heads = $"""
        select s.version, s.aggregate_type, d.version, case when s.is_read is not false then d.data end
        {Wanted(schema, table, "d.version, d.data")}
        order by wanted.ordinal
        """;

    private readonly string _missing = $"""
        select e.*
        {Wanted(schema, table, "d.version")}
        cross join lateral (
          select {EventRowReader.ColumnsWith("wanted.stream_id")}
          from {schema}.events e
          where e.stream = s.key
            and e.version > coalesce(d.version, 0)
            and e.version >= s.truncated_before
            and s.is_read
          order by e.version
        ) as e
        order by wanted.ordinal, e.version
        """;

    public AggregateType Type { get; } = type;

    public DocumentTable Table { get; } = table;

    public void AddRead(NpgsqlBatch batch, TenantId tenantId, IReadOnlyList<StreamId> streamIds)
    {
        DocumentId[] documentIds = [.. streamIds.Select(Table.Type.Convert)];
        foreach (var sql in (ReadOnlySpan<string>)[_heads, _missing])
        {
            var command = batch.Add(sql)
                .With(tenantId.Value, NpgsqlDbType.Text)
                .With(streamIds.Select(static id => id.Value).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
            Table.Type.AddIds(command, documentIds);
        }
    }

    /// <summary>Takes the two results that <see cref="AddRead"/> asked for, and moves on to the next one.</summary>
    /// <returns>The missing events, of each view a list of its own that it keeps: to be opened once the connection is given back.</returns>
    public async Task<IReadOnlyCollection<List<IEvent>>> ReadAsync(
        NpgsqlDataReader rows, TenantId tenantId, IReadOnlyList<StreamId> streamIds, FetchedViews fetched, CancellationToken cancellationToken)
    {
        var heads = new List<(long StreamVersion, string? AggregateType, long DocumentVersion, byte[]? Json)>(streamIds.Count);
        using (var json = new ColumnReader(rows))
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                heads.Add((
                    rows.IsDBNull(0) ? 0 : rows.GetInt64(0),
                    rows.IsDBNull(1) ? null : rows.GetString(1),
                    rows.IsDBNull(2) ? 0 : rows.GetInt64(2),
                    rows.IsDBNull(3) ? null : json.ReadJson(3).ToArray()));
            }
        }

        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var missing = new Dictionary<StreamId, List<IEvent>>();
        using (var reader = new EventRowReader(rows, tenantId, default, personalData))
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var @event = reader.Read();
                if (!missing.TryGetValue(@event.StreamId, out var events))
                    missing.Add(@event.StreamId, events = []);

                events.Add(@event);
            }
        }

        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        for (var index = 0; index < heads.Count; index++)
        {
            var (streamVersion, aggregateType, documentVersion, json) = heads[index];
            var events = missing.GetValueOrDefault(streamIds[index]) ?? [];

            // The second statement sees what was committed after the first one: its last event tells the version then.
            var version = events.Count > 0 ? events[^1].Version : streamVersion;
            fetched.Set(Type.ClrType, streamIds[index], new FetchedView(json, documentVersion, version, aggregateType, events));
        }

        return missing.Values;
    }

    private static string Wanted(SqlIdentifier schema, DocumentTable table, string documentColumns) => $"""
        from unnest($2, $3) with ordinality as wanted (stream_id, document_id, ordinal)
        left join lateral (
          select s.key, s.version, s.aggregate_type, s.truncated_before, s.state = {StreamStates.Active} as is_read
          from {schema}.streams s
          where s.tenant = $1
            and s.id = wanted.stream_id
          limit 1
        ) as s on true
        left join lateral (
          select {documentColumns}
          from {schema}.{table.Type.Table} d
          where d.tenant = $1
            and d.id = wanted.document_id
          limit 1
        ) as d on true
        """;
}
