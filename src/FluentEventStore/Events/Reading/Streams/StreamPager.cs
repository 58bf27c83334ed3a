using System.Runtime.CompilerServices;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>
/// Reads one stream in pages, each a round trip with a connection of its own: a slow consumer holds neither a connection nor a snapshot.
/// </summary>
internal sealed class StreamPager(Database database, StreamSql sql, PersonalData personalData, PageBounds bounds)
{
    /// <exception cref="StreamRewrittenException">What is left of the stream does not belong to what was read.</exception>
    public async IAsyncEnumerable<IEvent> ReadAsync(
        TenantId tenantId, StreamId streamId, StreamSpan range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isLinked = false;
        var past = default(StreamPast?);
        while (range.MaxCount > 0)
        {
            var fetched = await FetchPageAsync(tenantId, streamId, range, isLinked, past is null, cancellationToken).ConfigureAwait(false);
            if (fetched is not { } page)
            {
                isLinked = true;
                continue;
            }

            if (past is { } known && !known.GoesOnAs(page.Past, range))
                throw new StreamRewrittenException(streamId, range.IsBackwards ? range.ToVersion + 1 : range.FromVersion - 1);

            past ??= page.Past;

            foreach (var @event in page.Events)
                yield return @event;

            page.Failure?.Throw();
            if (page.IsLast)
                yield break;

            range = range.Beyond(page.LastVersion, page.Events.Count);
        }
    }

    /// <returns><see langword="null"/> if the stream has links and is to be read with them.</returns>
    private Task<EventPage?> FetchPageAsync(
        TenantId tenantId, StreamId streamId, StreamSpan range, bool isLinked, bool isFirst, CancellationToken cancellationToken) =>
        database.Telemetry.ReadAsync(
            "read",
            tenantId.Value,
            (Pager: this, tenantId, streamId, range, isLinked, isFirst),
            static async (of, found, token) =>
            {
                var page = await of.Pager
                    .ReadPageAsync(of.tenantId, of.streamId, of.range, of.isLinked, of.isFirst, token)
                    .ConfigureAwait(false);
                found?.Take(page?.Events, page?.Failure);
                return page;
            },
            cancellationToken);

    private async Task<EventPage?> ReadPageAsync(
        TenantId tenantId, StreamId streamId, StreamSpan range, bool isLinked, bool isFirst, CancellationToken cancellationToken)
    {
        var past = default(StreamPast?);
        var count = Math.Min(bounds.StreamEvents, range.MaxCount);
        var events = new List<IEvent>();
        var queue = new EventQueue(personalData, events);
        EventRowReader reader;
        using var batch = new NpgsqlBatch();

        // Before the first page and after the others: a change while a page is read is seen by this page or the next.
        if (isFirst)
            sql.AddPast(batch, tenantId, streamId, range);
        sql.AddPage(batch, tenantId, streamId, range with { MaxCount = count }, isLinked, bounds.Weight);
        if (!isFirst)
            sql.AddPast(batch, tenantId, streamId, range);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            if (isFirst)
            {
                past = await ReadPastAsync(rows, cancellationToken).ConfigureAwait(false);
                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            }

            using (reader = new EventRowReader(rows, tenantId, streamId, queue, isPage: true))
            {
                if (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) == EventRowKind.Linked)
                    return null;
            }

            if (!isFirst)
            {
                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
                past = await ReadPastAsync(rows, cancellationToken).ConfigureAwait(false);
            }
        }

        var failure = await queue.ReleaseReadableAsync(cancellationToken).ConfigureAwait(false) ?? reader.Failure;
        return new EventPage(events, reader.LastVersion, IsLast: reader.RowCount < count && reader.Weight < bounds.Weight, failure, past);
    }

    private static async Task<StreamPast?> ReadPastAsync(NpgsqlDataReader rows, CancellationToken cancellationToken) =>
        await rows.ReadAsync(cancellationToken).ConfigureAwait(false) ? new StreamPast(rows.GetInt64(0), rows.GetInt64(1)) : null;
}
