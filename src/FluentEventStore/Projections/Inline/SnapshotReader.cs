using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Projections;

/// <summary>
/// Reads the snapshots of one aggregate type together with their streams and the events that a snapshot does not hold yet. Usually there
/// are none; if the snapshot is newly kept or was deleted, they are all events of the stream.
/// </summary>
/// <remarks>
/// This is the one place that says when a row may be folded on. It was folded from the same life of the stream, up to a version that the
/// stream has; the past of the stream was not rewritten since; and the stream is neither hidden nor linked. One statement reads all of
/// that, so from one state of the database. Any other row is passed over, and the stream is folded from its beginning.
/// </remarks>
internal sealed class SnapshotReader(SqlIdentifier schema, AggregateType type, DocumentTable table)
{
    private const char IsHidden = 'h';
    private const char IsLinked = 'l';
    private const char HasRow = 'r';

    private const string Data = "wanted.stream_id, case when d.counts then d.data end";

    private static readonly string Flags = $"""
        pg_catalog.concat(
              case when s.hidden then '{IsHidden}' end,
              case when s.linked then '{IsLinked}' end,
              case when d.version is not null then '{HasRow}' end)
        """;

    // Each snapshot is a row, before its events. Lateral with a limit, so that each row is fetched by its key. A plan is kept while the
    // tables grow: one that was made for a join of small tables would read them whole for ever after.
    private readonly string _read = $"""
        select read.*
        from unnest($2, $3, $4) as wanted (stream_id, document_id, whole)
        left join lateral (
          select s.key, s.version, s.rewritten, s.truncated_before, s.linked, s.state <> {StreamStates.Active} as hidden
          from {schema}.{EventTables.Streams} s
          where s.tenant = $1
            and s.id = wanted.stream_id
          limit 1
        ) as s on true
        left join lateral (
          select d.data, d.version,
                 d.stream = s.key
                   and d.rewritten = s.rewritten
                   and d.version <= s.version
                   and not s.hidden
                   and not s.linked
                   and not wanted.whole as counts
          from {schema}.{table.Type.Table} d
          where d.tenant = $1
            and d.id = wanted.document_id
          limit 1
        ) as d on true
        cross join lateral (
          (
          select {EventColumns.Of(EventRowKind.Snapshot, "s.key", "s.version", "s.rewritten", Flags, Data)}
          )
          union all
          (
          select {EventColumns.OfStreams("wanted.stream_id")}
          from {schema}.{EventTables.Events} e
          where e.stream = s.key
            and e.version > case when d.counts then d.version else 0 end
            and e.version >= s.truncated_before
            and (wanted.whole or not s.hidden)
            and not s.linked
          order by e.version
          )
        ) as read
        """;

    public AggregateType Type { get; } = type;

    public DocumentTable Table { get; } = table;

    /// <param name="batch">Takes the statement.</param>
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="streamIds">The streams, none twice.</param>
    /// <param name="isWhole">For each stream, whether all its events are wanted, even hidden ones.</param>
    public void AddRead(NpgsqlBatch batch, TenantId tenantId, IReadOnlyList<StreamId> streamIds, bool[] isWhole)
    {
        var command = batch.Add(_read)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(streamIds.Select(static id => id.Value).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        Table.Type.AddIds(command, [.. streamIds.Select(Table.Type.Convert)]);
        command.With(isWhole, NpgsqlDbType.Array | NpgsqlDbType.Boolean);
    }

    /// <summary>Takes the result that <see cref="AddRead"/> asked for, and moves on to the next one.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="events">Takes the missing events of each snapshot, in lists that the snapshots keep.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The snapshots, in the order of the streams.</returns>
    public static async Task<List<FetchedSnapshot>> ReadAsync(
        NpgsqlDataReader rows, TenantId tenantId, EventQueue events, CancellationToken cancellationToken)
    {
        List<FetchedSnapshot> snapshots = [];
        using (var reader = new EventRowReader(rows, tenantId, default, events))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) == EventRowKind.Snapshot)
            {
                List<IEvent> missing = [];
                events.Into(missing);
                var flags = reader.Flags;
                var stream = reader.Key is { } key
                    ? new StreamHead(key, reader.Version, reader.Rewritten, flags.Contains(IsHidden), flags.Contains(IsLinked))
                    : default;
                snapshots.Add(new FetchedSnapshot(stream, flags.Contains(HasRow), reader.Data, missing));
            }
        }

        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return snapshots;
    }

}
