using System.Runtime.ExceptionServices;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// Reads recorded events and writes what the rules of masking make of them, each page in a transaction of its own. After an interruption
/// the next run does the rest: events that are masked already do not change.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="schema">The schema of the store.</param>
/// <param name="log">Reads the log.</param>
/// <param name="mask">Applies the rules.</param>
/// <param name="bounds">How much is read at once.</param>
/// <param name="hold">Keeps daemons from writing snapshots meanwhile.</param>
internal sealed class Masking(
    Database database, SqlIdentifier schema, LogReader log, EventMask mask, PageBounds bounds, Action<NpgsqlBatch> hold)
{
    private const int MaxAttempts = 5;

    private readonly string _mask = $"select {schema}.{MaskEventsFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    private readonly string _exists = $"""
        select s.key
        from {schema}.{EventTables.Streams} s
        where s.tenant = $1
          and s.id = $2
          and not ({AppendSql.IsMissing("s")})
        """;

    private readonly string _page = PageWeight.Cut(
        $"""
        select {EventColumns.OfStream}, {PageWeight.Column}
        from {schema}.{EventTables.Events} e
        where e.stream = (
            select s.key
            from {schema}.{EventTables.Streams} s
            where s.tenant = $1
              and s.id = $2)
          and e.version > $3
        order by e.version
        limit $4
        """,
        "version",
        "$5");

    public async Task<MaskReport> RunAsync(
        TenantId tenantId, StreamId streamId, IProgress<MaskReport>? progress, CancellationToken cancellationToken)
    {
        mask.CheckRules();
        var report = default(MaskReport);
        var after = 0L;
        while (true)
        {
            var (page, failure) = await ReadPageAsync(tenantId, streamId, after, cancellationToken).ConfigureAwait(false);
            if (page.Count > 0)
                report = await MaskAsync(page, report, progress, cancellationToken).ConfigureAwait(false);

            failure?.Throw();
            if (page.Count == 0)
                break;

            after = page[^1].Version;
        }

        // What an interrupted run has masked counts as done too, though it is not masked again.
        await database.AwaitStandbyAsync(cancellationToken).ConfigureAwait(false);
        return report;
    }

    public async Task<MaskReport> RunAsync(EventFilter filter, IProgress<MaskReport>? progress, CancellationToken cancellationToken)
    {
        mask.CheckRules();
        var report = default(MaskReport);
        await foreach (var page in log.ReadSealedAsync(new LogQuery(filter, reader: null, seesHidden: true), cancellationToken)
            .ConfigureAwait(false))
            report = await MaskAsync(page, report, progress, cancellationToken).ConfigureAwait(false);

        await database.AwaitStandbyAsync(cancellationToken).ConfigureAwait(false);
        return report;
    }

    /// <returns>The events up to the first one of an unknown type, and the failure of that one.</returns>
    /// <exception cref="StreamNotFoundException">There is no such stream.</exception>
    private async Task<(List<IEvent> Page, ExceptionDispatchInfo? Failure)> ReadPageAsync(
        TenantId tenantId, StreamId streamId, long after, CancellationToken cancellationToken)
    {
        var events = new List<IEvent>();
        using var batch = new NpgsqlBatch();
        batch.Add(_exists).With(tenantId.Value, NpgsqlDbType.Text).With(streamId.Value, NpgsqlDbType.Text);
        batch.Add(_page)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(streamId.Value, NpgsqlDbType.Text)
            .With(after, NpgsqlDbType.Bigint)
            .With(bounds.StreamEvents, NpgsqlDbType.Integer)
            .With(bounds.Weight, NpgsqlDbType.Bigint);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false) && after == 0)
                throw new StreamNotFoundException(streamId);

            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            using var reader = new EventRowReader(rows, tenantId, streamId, new EventQueue(personalData: null, events), isPage: true);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return (events, reader.Failure);
        }
    }

    private async Task<MaskReport> MaskAsync(
        List<IEvent> page, MaskReport report, IProgress<MaskReport>? progress, CancellationToken cancellationToken)
    {
        var masked = await WriteMaskedAsync(page, cancellationToken).ConfigureAwait(false);
        report = new MaskReport(report.Read + page.Count, report.Masked + masked);
        progress?.Report(report);
        return report;
    }

    // A subject may be forgotten, or its key lost, after its events were masked.
    private Task<long> WriteMaskedAsync(List<IEvent> page, CancellationToken cancellationToken) => Attempts.RunAsync(
        MaxAttempts,
        async token =>
        {
            var masked = await mask.MaskAsync(page.Select(static @event => SealedEvent.Of(@event)!), token).ConfigureAwait(false);
            return await WriteAsync(masked.Events, masked.Keys, token).ConfigureAwait(false);
        },
        static failure => failure is PostgresException { SqlState: SqlStates.KeysLost },
        cancellationToken);

    private async Task<long> WriteAsync(
        IReadOnlyList<MaskedEvent> masked, IReadOnlyList<UsedKeys> keys, CancellationToken cancellationToken)
    {
        if (masked.Count == 0)
            return 0;

        List<(int Event, string Tag)> gone = [];
        List<(int Event, string Tag)> given = [];
        for (var index = 0; index < masked.Count; index++)
        {
            gone.AddRange(masked[index].TagsBefore.Except(masked[index].TagsAfter, StringComparer.Ordinal).Select(tag => (index + 1, tag)));
            given.AddRange(
                masked[index].TagsAfter.Except(masked[index].TagsBefore, StringComparer.Ordinal).Select(tag => (index + 1, tag)));
        }

        using var batch = new NpgsqlBatch();
        hold(batch);
        UsedKeys.AddCheck(batch, schema, keys);
        batch.Add(_mask)
            .With(masked.Select(static @event => @event.Position).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(masked.Select(static @event => @event.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(masked.Select(static @event => @event.Type.Name).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(masked.Select(static @event => @event.Type.Version).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(masked.Select(static @event => (ReadOnlyMemory<byte>)@event.Json).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .With(gone.Select(static it => it.Event).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(gone.Select(static it => it.Tag).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(given.Select(static it => it.Event).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(given.Select(static it => it.Tag).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        return await database.WriteAsync(
            batch, static row => row.GetName(0) == MaskEventsFunction.Name ? row.GetInt64(0) : default(long?), cancellationToken)
            .ConfigureAwait(false)
            ?? 0;
    }
}
