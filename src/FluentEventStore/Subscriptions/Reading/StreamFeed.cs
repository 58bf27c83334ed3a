using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Feeds workers from one stream of one tenant, with the events that it links to. A link stands at its own position, which is that in the
/// order of the links. Read in pages, each on a connection of its own, a few at a time.
/// </summary>
/// <remarks>
/// Events of archived and deleted streams come, as for followers of the log; what was removed, replaced or truncated does not, whether
/// recorded in the stream or linked to. A stream that does not exist yet has no events. One that cannot be read is an
/// <see cref="Serialization.UnreadableEvent"/>.
/// </remarks>
internal sealed class StreamFeed : IDisposable
{
    private readonly Database _database;
    private readonly PersonalData _personalData;
    private readonly PageBounds _bounds;
    private readonly SemaphoreSlim _turn;
    private readonly string _page;

    /// <param name="database">The database of the tenant.</param>
    /// <param name="schema">The schema of the store.</param>
    /// <param name="personalData">Decrypts.</param>
    /// <param name="bounds">Where pages end.</param>
    /// <param name="atOnce">How many pages are read at once.</param>
    public StreamFeed(Database database, SqlIdentifier schema, PersonalData personalData, PageBounds bounds, int atOnce = 2)
    {
        (_database, _personalData, _bounds) = (database, personalData, bounds);
        _turn = new SemaphoreSlim(atOnce);
        _page = WritePage(schema);
    }

    /// <summary>The events of a stream after a position, up to where a page ends.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="after">The position; for links, one of theirs.</param>
    /// <param name="settled">How far the log is settled.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// A page that goes beyond the position and not beyond the settled one; an empty one if the log is not settled beyond the position. Its
    /// events are in the order of their own positions, or of those of their links.
    /// </returns>
    public async Task<FeedPage> FetchAsync(
        TenantId tenantId, StreamId streamId, long after, long settled, CancellationToken cancellationToken)
    {
        if (settled <= after)
            return new FeedPage(after, after, []);

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ReadAsync(tenantId, streamId, after, settled, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<FeedPage> ReadAsync(
        TenantId tenantId, StreamId streamId, long after, long settled, CancellationToken cancellationToken)
    {
        var events = new List<IEvent>();
        var queue = new EventQueue(_personalData, events, keepsUnreadable: true);
        EventRowReader reader;
        using var batch = new NpgsqlBatch();
        batch.Add(Planning.ForPages);
        batch.Add(_page)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(streamId.Value, NpgsqlDbType.Text)
            .With(after, NpgsqlDbType.Bigint)
            .With(settled, NpgsqlDbType.Bigint)
            .With(_bounds.StreamEvents, NpgsqlDbType.Integer)
            .With(_bounds.Weight, NpgsqlDbType.Bigint);
        var rows = await _database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            using (reader = new EventRowReader(rows, tenantId, streamId, queue, isPage: true))
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        await queue.ReleaseReadableAsync(cancellationToken).ConfigureAwait(false);
        var isFull = reader.RowCount == _bounds.StreamEvents || reader.Weight >= _bounds.Weight;
        return new FeedPage(after, isFull ? reader.LastPlace : settled, events)
        {
            Bytes = SharedPage.BytesOf(reader.Weight, events.Count),
        };
    }

    // The versions of a stream ascend with its positions, and those of its links with theirs, so its key and versions bound both scans.
    // Rows are counted before the events are looked up. A link to what is gone gives a row without an event.
    private static string WritePage(SqlIdentifier schema)
    {
        var columns = EventColumns.OfLinks(
            "e.stream_id", "case when row.link_position is not null then row.version end as link_version", "row.link_position");
        var rows = $"""
            select {columns}, {PageWeight.Column}
            from (
              select own.version, own.position as event_position, own.id as event_id, null::bigint as link_position
              from stream
              cross join lateral (
                select e.version, e.position, e.id
                from {schema}.{EventTables.Events} e
                where e.stream = stream.key
                  and e.version > stream.own_after
                  and e.version <= stream.own_to
                  and e.version >= stream.truncated_before
                order by e.version
                limit $5
              ) as own
              union all
              select linked.version, linked.event_position, linked.event_id, linked.position
              from stream
              cross join lateral (
                select l.version, l.event_position, l.event_id, l.position
                from {schema}.{LinksSchema.Links} l
                where l.stream = stream.key
                  and l.version > stream.links_after
                  and l.version <= stream.links_to
                  and l.version >= stream.truncated_before
                order by l.version
                limit $5
              ) as linked
              order by version
              limit $5
            ) as row
            left join lateral (
              select e.*, s.id as stream_id
              from {schema}.{EventTables.Events} e
              {StreamLookup.Of(schema, "e", "s.id", StreamLookup.IsShown($"{StreamStates.Deleted}"))}
              where e.position = row.event_position
                and (row.event_id is null or e.id = row.event_id)
              limit 1
            ) as e on true
            order by row.version
            """;
        return $"""
            with stream as materialized (
              select
                s.key,
                s.truncated_before,
                {schema}.{StreamVersionFunction.Name}(s.key, $3) as own_after,
                {schema}.{StreamVersionFunction.Name}(s.key, $4) as own_to,
                case when s.linked then {schema}.{StreamVersionFunction.NameOfLinks}(s.key, $3) else 0 end as links_after,
                case when s.linked then {schema}.{StreamVersionFunction.NameOfLinks}(s.key, $4) else 0 end as links_to
              from {schema}.{EventTables.Streams} s
              where s.tenant = $1
                and s.id = $2
                and s.state <= {StreamStates.Deleted}
            )
            {PageWeight.Cut(rows, "coalesce(link_version, version)", "$6")}
            """;
    }
}
