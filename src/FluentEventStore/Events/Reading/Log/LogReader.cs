using System.Runtime.CompilerServices;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Reads the events of all streams in the order of their positions, never beyond the settled position.</summary>
/// <remarks>
/// Reads in pages, each on a connection of its own. A page ends by what it holds or by how much it looked at, so that none takes long,
/// whatever the filter. An event that cannot be read ends it too; the failure is thrown after the events before are delivered.
/// </remarks>
internal sealed class LogReader(Database database, SqlIdentifier schema, Settler settler, PersonalData personalData, PageBounds bounds)
{
    private readonly LogSql _sql = new(schema);

    /// <summary>Which log is read. What was read of another one does not count any more.</summary>
    public LogIdentity Identity => new(database.Connections.Generation, settler.Loss, settler.Server);

    /// <summary>Reads the same log in other pages.</summary>
    public LogReader With(PageBounds other) => new(database, schema, settler, personalData, other);

    /// <summary>Reads what is settled when the reading starts.</summary>
    /// <param name="query">Which events.</param>
    /// <param name="range">Which positions.</param>
    /// <param name="progress">Gets how far was read, after the events up to there were taken.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IAsyncEnumerable<IEvent> ReadAsync(
        LogQuery query, LogSpan range, IProgress<long>? progress, CancellationToken cancellationToken) =>
        FlattenAsync(ReadPagesAsync(query, range, cancellationToken), progress, cancellationToken);

    /// <summary>The events of pages. A failure is thrown after the events before it were taken.</summary>
    public static async IAsyncEnumerable<IEvent> FlattenAsync(
        IAsyncEnumerable<LogPage> pages, IProgress<long>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var @event in page.Events)
                yield return @event;

            page.Failure?.Throw();
            progress?.Report(page.ReadTo);
        }
    }

    /// <summary>
    /// Reads the settled log page by page and waits for more at its end. A page without events tells how far was read in vain.
    /// </summary>
    public async IAsyncEnumerable<LogPage> FollowAsync(
        LogQuery query, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A bookmark beyond the end of the log is of another log.
        var now = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
        if (after > now.Last && !now.IsStandby)
            throw OrderingChecks.Forked(after, now.Last);

        while (true)
        {
            var settled = await settler.WaitBeyondAsync(after, cancellationToken).ConfigureAwait(false);
            while (after < settled)
            {
                var range = new LogSpan(after, settled, int.MaxValue, IsBackwards: false);
                var page = await FetchPageAsync(query, range, personalData, keepsUnreadable: false, cancellationToken)
                    .ConfigureAwait(false);
                yield return page;

                page.Failure?.Throw();
                after = page.ReadTo;
            }
        }
    }

    /// <summary>
    /// Reads what is settled when the reading starts, without decoding the data: all events come as <see cref="SealedEvent"/>.
    /// </summary>
    public async IAsyncEnumerable<List<IEvent>> ReadSealedAsync(
        LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settled = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
        for (var range = new LogSpan(After: 0, settled.Position, int.MaxValue, IsBackwards: false); !range.IsEmpty;)
        {
            var page = await FetchPageAsync(query, range, opensWith: null, keepsUnreadable: false, cancellationToken).ConfigureAwait(false);
            if (page.Events.Count > 0)
                yield return page.Events;

            page.Failure?.Throw();
            range = range.Beyond(page.ReadTo, page.Events.Count);
        }
    }

    private async IAsyncEnumerable<LogPage> ReadPagesAsync(
        LogQuery query, LogSpan range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settled = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
        range = range with { To = Math.Min(range.To, settled.Position) };
        while (!range.IsEmpty)
        {
            var page = await FetchPageAsync(query, range, personalData, keepsUnreadable: false, cancellationToken).ConfigureAwait(false);
            yield return page;

            range = range.Beyond(page.ReadTo, page.Events.Count);
        }
    }

    /// <summary>
    /// Reads the first page of the positions above one and up to a settled one. Events that cannot be read do not end it: they have their
    /// places in it as <see cref="Serialization.UnreadableEvent"/>.
    /// </summary>
    /// <exception cref="Exception">The page cannot be read now, for instance because keys of personal data cannot be fetched.</exception>
    public Task<LogPage> FetchWholePageAsync(LogQuery query, long after, long settled, CancellationToken cancellationToken) =>
        FetchPageAsync(
            query,
            new LogSpan(after, settled, int.MaxValue, IsBackwards: false),
            personalData,
            keepsUnreadable: true,
            cancellationToken);

    /// <summary>Reads the first page of a range.</summary>
    /// <param name="query">Which events.</param>
    /// <param name="range">Which positions.</param>
    /// <param name="opensWith">Decrypts; if <see langword="null"/>, nothing is decoded.</param>
    /// <param name="keepsUnreadable">Whether events that cannot be read have their places in the page, and do not end it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    private Task<LogPage> FetchPageAsync(
        LogQuery query, LogSpan range, PersonalData? opensWith, bool keepsUnreadable, CancellationToken cancellationToken) =>
        database.Telemetry.ReadAsync(
            "read",
            query.Tenants is [var tenant] ? tenant : null,
            (Reader: this, query, range, opensWith, keepsUnreadable),
            static async (of, found, token) =>
            {
                var page = await of.Reader.ReadPageAsync(of.query, of.range, of.opensWith, of.keepsUnreadable, token).ConfigureAwait(false);
                found?.Take(page.Events, page.Failure);
                return page;
            },
            cancellationToken);

    private async Task<LogPage> ReadPageAsync(
        LogQuery query, LogSpan range, PersonalData? opensWith, bool keepsUnreadable, CancellationToken cancellationToken)
    {
        var looked = range.First(bounds.Positions);
        var events = new List<IEvent>();
        var queue = new EventQueue(opensWith, events, keepsUnreadable);
        EventRowReader reader;
        using var batch = CreateBatch(query, looked, _sql.PageOf);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            using (reader = new EventRowReader(rows, query.TenantId, default, queue, isPage: true))
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        if (await queue.ReleaseReadableAsync(cancellationToken).ConfigureAwait(false) is { } unopened)
            return new LogPage(events, events is [.., var last] ? last.Position : range.Start, unopened);

        if (reader.RowCount == CountOf(looked) || reader.Weight >= bounds.Weight || reader.Failure is not null)
            return new LogPage(events, reader.RowCount == 0 ? range.Start : reader.LastPosition, reader.Failure) { Weight = reader.Weight };

        // If nothing was found, there may be a gap of any size, as after moving a sequence: it is passed in one step.
        var readTo = events.Count == 0 && looked != range
            ? await SkipAsync(query, range.Beyond(looked.End, 0), cancellationToken).ConfigureAwait(false)
            : looked.End;
        return new LogPage(events, readTo, Failure: null) { Weight = reader.Weight };
    }

    /// <summary>The last position, in reading order, before the next event that may pass.</summary>
    private async Task<long> SkipAsync(LogQuery query, LogSpan range, CancellationToken cancellationToken)
    {
        using var batch = CreateBatch(query, range, _sql.NextOf);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                return range.End;

            return rows.GetInt64(0) + (range.IsBackwards ? 1 : -1);
        }
    }

    private NpgsqlBatch CreateBatch(LogQuery query, LogSpan range, Func<LogShape, string> textOf)
    {
        var batch = new NpgsqlBatch();
        batch.Add(LogSql.PlanningOf(query.Shape));
        var command = batch.Add(textOf(range.IsBackwards ? query.Shape | LogShape.Backwards : query.Shape))
            .With(range.After, NpgsqlDbType.Bigint)
            .With(range.To, NpgsqlDbType.Bigint)
            .With(CountOf(range), NpgsqlDbType.Integer)
            .With(bounds.Weight, NpgsqlDbType.Bigint);
        query.AddParameters(command);
        return batch;
    }

    private int CountOf(LogSpan range) => Math.Min(bounds.LogEvents, range.MaxCount);
}
