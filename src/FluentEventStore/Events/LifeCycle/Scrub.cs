using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// Removes what was truncated and what the rules of retention no longer keep: stream by stream, each in transactions of its own. The next
/// scrub goes on after an interruption.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="schema">The schema of the store.</param>
/// <param name="retention">The rules.</param>
/// <param name="timeProvider">The clock by which events are old.</param>
/// <param name="hold">Keeps daemons from writing snapshots meanwhile.</param>
internal sealed class Scrub(
    Database database, SqlIdentifier schema, RetentionOptions retention, TimeProvider timeProvider, Action<NpgsqlBatch> hold)
{
    private const int PageSize = 500;
    private const int EventsOfTransaction = 5_000;

    private readonly UnusedTags _unusedTags = new(database, schema);
    private readonly string _page = $"""
        select key, id, truncated_before
        from {schema}.{EventTables.Streams}
        where key > $1
          and state < {StreamStates.Tombstoned}
          and version > 0
        order by key
        limit {PageSize}
        """;

    private readonly string _scrub = $"select {schema}.{ScrubStreamFunction.Name}($1, $2, $3, {EventsOfTransaction})";

    public async Task<ScrubReport> RunAsync(IProgress<ScrubReport>? progress, CancellationToken cancellationToken)
    {
        var report = default(ScrubReport);
        var after = 0L;
        while (await ReadPageAsync(after, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var (key, streamId, truncatedBefore) in page)
            {
                var rule = retention.Find(streamId);
                if (rule is null && truncatedBefore == 1)
                    continue;

                if (await ScrubAsync(key, rule, cancellationToken).ConfigureAwait(false) is > 0 and var removed)
                {
                    report = new ScrubReport(report.Streams + 1, report.Events + removed);
                    progress?.Report(report);
                }
            }

            after = page[^1].Key;
        }

        await _unusedTags.ForgetAsync(cancellationToken).ConfigureAwait(false);

        // What an interrupted scrub has removed counts as done too, though nobody finds it any more.
        await database.AwaitStandbyAsync(cancellationToken).ConfigureAwait(false);
        return report;
    }

    private async Task<List<(long Key, StreamId StreamId, long TruncatedBefore)>> ReadPageAsync(
        long after, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_page).With(after, NpgsqlDbType.Bigint);
        return await database
            .ReadAllAsync(batch, static row => (row.GetInt64(0), StreamId.Stored(row.GetString(1)), row.GetInt64(2)), cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<long> ScrubAsync(long key, RetentionRule? rule, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow().ToUniversalTime();

        // An age that leads to a time before year 1 is one that no event has.
        var before = rule?.MaxAge is { } maxAge && maxAge.Ticks < now.Ticks ? now - maxAge : default(DateTimeOffset?);
        var all = 0L;
        while (true)
        {
            using var batch = new NpgsqlBatch();
            hold(batch);
            var command = batch.Add(_scrub).With(key, NpgsqlDbType.Bigint);
            _ = rule?.KeepLast is { } keepLast ? command.With(keepLast, NpgsqlDbType.Bigint) : command.WithNull(NpgsqlDbType.Bigint);
            _ = before is { } time ? command.With(time, NpgsqlDbType.TimestampTz) : command.WithNull(NpgsqlDbType.TimestampTz);
            var removed = await database.WriteAsync(batch, static row => row.GetInt64(0), cancellationToken).ConfigureAwait(false);
            all += removed;
            if (removed < EventsOfTransaction)
                return all;
        }
    }
}
