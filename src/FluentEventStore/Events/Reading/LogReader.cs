using System.Runtime.CompilerServices;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Reads the events of all streams in the order of their positions, never beyond the settled position.</summary>
internal sealed class LogReader(Database database, SqlIdentifier schema, Settler settler, PersonalData personalData)
{
    private const int PageSize = 1000;

    private readonly LogSql _sql = new(schema);

    /// <summary>Reads what is settled when the reading starts, in pages, each on a connection of its own.</summary>
    public async IAsyncEnumerable<IEvent> ReadAsync(LogQuery query, LogRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settled = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
        range = range with { To = Math.Min(range.To, settled.Mark) };
        while (range.MaxCount > 0 && range.After < range.To)
        {
            var page = await FetchPageAsync(query, range, cancellationToken).ConfigureAwait(false);
            foreach (var @event in page)
                yield return @event;

            if (page.Count < PageSize)
                yield break;

            range = range.Beyond(page[^1].Position, page.Count);
        }
    }

    /// <summary>Reads the settled log page by page and waits for more at its end. A page without events tells how far was read without a find.</summary>
    public async IAsyncEnumerable<LogPage> FollowAsync(LogQuery query, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Who has read further than the log goes has read another one.
        var now = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
        if (after > now.Last && !now.IsStandby)
            throw OrderingChecks.Forked(after, now.Last);

        while (true)
        {
            var settled = await settler.WaitBeyondAsync(after, cancellationToken).ConfigureAwait(false);
            while (after < settled)
            {
                var range = new LogRange(after, settled, PageSize, IsBackwards: false);
                var page = await FetchPageAsync(query, range, cancellationToken).ConfigureAwait(false);
                after = page.Count == PageSize ? page[^1].Position : settled;
                yield return new LogPage(page, after);
            }
        }
    }

    /// <summary>Reads what is settled when the reading starts, in pages, without decoding the data.</summary>
    public async IAsyncEnumerable<List<SealedEvent>> ReadSealedAsync(LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settled = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
        var range = new LogRange(After: 0, settled.Mark, PageSize, IsBackwards: false);
        while (range.After < range.To)
        {
            var page = await FetchPageAsync(query, range, static reader => reader.ReadSealed(), cancellationToken).ConfigureAwait(false);
            if (page.Count > 0)
                yield return page;

            if (page.Count < PageSize)
                yield break;

            range = range with { After = page[^1].Metadata.Position };
        }
    }

    private async Task<List<IEvent>> FetchPageAsync(LogQuery query, LogRange range, CancellationToken cancellationToken)
    {
        var events = await FetchPageAsync(query, range, static reader => reader.Read(), cancellationToken).ConfigureAwait(false);
        await personalData.OpenAsync([events], cancellationToken).ConfigureAwait(false);
        return events;
    }

    private async Task<List<TEvent>> FetchPageAsync<TEvent>(
        LogQuery query, LogRange range, Func<EventRowReader, TEvent> read, CancellationToken cancellationToken)
    {
        var events = new List<TEvent>();
        using var batch = new NpgsqlBatch();
        var command = batch.Add(_sql.Of(range.IsBackwards ? query.Shape | LogShape.Backwards : query.Shape))
            .With(range.After, NpgsqlDbType.Bigint)
            .With(range.To, NpgsqlDbType.Bigint)
            .With(Math.Min(PageSize, range.MaxCount), NpgsqlDbType.Integer);
        query.AddParameters(command);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            using var reader = new EventRowReader(rows, query.TenantId, default, personalData);
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                events.Add(read(reader));
        }

        return events;
    }
}
