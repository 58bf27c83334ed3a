using System.Globalization;
using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
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
    private const char IsPartial = 'p';

    private const string Data = "wanted.stream_id, case when d.counts and d.deleted_at is null then d.data end";

    // The version up to which a row that counts was folded.
    private const string Folded = "case when d.counts then d.version else 0 end";

    private readonly string _read = Statement(schema, table, "whole", isWhole: "wanted.whole", isPartial: "false");

    // The events of a page suffice if the row holds all those before them that concern the aggregate. They do not if the past of the stream
    // was changed before there was a row: they may have been read before that.
    private readonly string _readOfPage = Statement(schema, table, "first", isWhole: "false", isPartial: "page.partial", $"""
        cross join lateral (
          select (d.counts or s.rewritten = 0)
             and not s.hidden
             and not s.linked
             and (wanted.first <= {Folded} + 1
               or not exists (
                 select
                 from {schema}.{EventTables.Events} g
                 where g.stream = s.key
                   and g.version > {Folded}
                   and g.version < wanted.first
                   and g.version >= s.truncated_before
                   and ($5::text[] is null or g.type = any ($5)))) as partial
          offset 0
        ) as page
        """);

    private readonly string[]? _typeNames =
        type.EventTypes.Contains(typeof(object)) ? null : [.. EventCatalog.NamesReadAs(type.EventTypes)];

    public AggregateType Type { get; } = type;

    public DocumentTable Table { get; } = table;

    /// <param name="batch">Takes the statement.</param>
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="streamIds">The streams, none twice.</param>
    /// <param name="isWhole">For each stream, whether all its events are wanted, even hidden ones.</param>
    public void AddRead(NpgsqlBatch batch, TenantId tenantId, IReadOnlyList<StreamId> streamIds, bool[] isWhole) =>
        Add(batch, _read, tenantId, streamIds).With(isWhole, NpgsqlDbType.Array | NpgsqlDbType.Boolean);

    /// <summary>
    /// Asks for what a page of events of some streams is folded onto; events are read only if those of the page do not do.
    /// </summary>
    /// <param name="batch">Takes the statement.</param>
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="streamIds">The streams, none twice.</param>
    /// <param name="firsts">For each stream, the version of the first event of the page.</param>
    public void AddReadOfPage(NpgsqlBatch batch, TenantId tenantId, IReadOnlyList<StreamId> streamIds, long[] firsts) =>
        Add(batch, _readOfPage, tenantId, streamIds)
            .With(firsts, NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(_typeNames, NpgsqlDbType.Array | NpgsqlDbType.Text);

    /// <summary>Takes the result that was asked for, and moves on to the next one.</summary>
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
                snapshots.Add(ReadOne(reader, missing));
            }
        }

        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return snapshots;
    }

    private static FetchedSnapshot ReadOne(EventRowReader reader, List<IEvent> missing)
    {
        var flags = reader.Flags;
        var stream = reader.Key is { } key
            ? new StreamHead(key, reader.Version, reader.Rewritten, flags.Contains(IsHidden), flags.Contains(IsLinked))
            : default;
        var counts = flags.Length > 0 && char.IsAsciiDigit(flags[^1]);
        var version = counts
            ? long.Parse(flags.AsSpan().TrimStart([IsHidden, IsLinked, HasRow, IsPartial]), CultureInfo.InvariantCulture)
            : 0;
        return new FetchedSnapshot(stream, flags.Contains(HasRow), counts, version, reader.At, reader.Data, missing)
        {
            IsWhole = !flags.Contains(IsPartial),
        };
    }

    private NpgsqlBatchCommand Add(NpgsqlBatch batch, string statement, TenantId tenantId, IReadOnlyList<StreamId> streamIds)
    {
        var command = batch.Add(statement)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(streamIds.Select(static id => id.Value).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        Table.Type.AddIds(command, [.. streamIds.Select(Table.Type.Convert)]);
        return command;
    }

    // Each snapshot is a row, before its events. Lateral with a limit, so that each row is fetched by its key. A plan is kept while the
    // tables grow: one that was made for a join of small tables would read them whole for ever after.
    private static string Statement(
        SqlIdentifier schema, DocumentTable table, string parameter, string isWhole, string isPartial, string page = "") => $"""
        select read.*
        from unnest($2, $3, $4) as wanted (stream_id, document_id, {parameter})
        left join lateral (
          select s.key, s.version, s.rewritten, s.truncated_before, s.linked, s.state <> {StreamStates.Active} as hidden
          from {schema}.{EventTables.Streams} s
          where s.tenant = $1
            and s.id = wanted.stream_id
          limit 1
        ) as s on true
        left join lateral (
          select d.data, d.version, d.created_at, d.deleted_at,
                 d.stream = s.key
                   and d.rewritten = s.rewritten
                   and d.version <= s.version
                   and not s.hidden
                   and not s.linked
                   and not {isWhole} as counts
          from {schema}.{table.Name} d
          where d.tenant = $1
            and d.id = wanted.document_id
          limit 1
        ) as d on true
        {page}
        cross join lateral (
          (
          select {EventColumns.Of(EventRowKind.Snapshot, "s.key", "s.version", "s.rewritten", Flags(isPartial), Data, "d.created_at")}
          )
          union all
          (
          select {EventColumns.OfStreams("wanted.stream_id")}
          from {schema}.{EventTables.Events} e
          where e.stream = s.key
            and e.version > {Folded}
            and e.version >= s.truncated_before
            and ({isWhole} or not s.hidden)
            and not s.linked
            and not coalesce({isPartial}, false)
          order by e.version
          )
        ) as read
        """;

    // After them, the version of a row that counts.
    private static string Flags(string isPartial) => $"""
        pg_catalog.concat(
              case when s.hidden then '{IsHidden}' end,
              case when s.linked then '{IsLinked}' end,
              case when d.version is not null then '{HasRow}' end,
              case when {isPartial} then '{IsPartial}' end,
              case when d.counts then d.version end)
        """;
}
