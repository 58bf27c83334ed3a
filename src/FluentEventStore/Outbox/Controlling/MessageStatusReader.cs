using FluentEventStore.Messages;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Outbox;

/// <summary>Reads what waits.</summary>
internal sealed class MessageStatusReader(Database database, SqlIdentifier schema)
{
    private readonly string _byType = $"""
        select m.type, count(*), min(m.published_at)
        from {schema}.{MessageTables.Messages} m
        group by m.type
        order by m.type
        """;

    private readonly string _counts = $"""
        select (select count(*) from {schema}.{MessageTables.Scheduled}), count(*), count(*) filter (where l.alarmed)
        from {schema}.{MessageTables.Lanes} l
        where l.attempts > 0
        """;

    private readonly string _failing = $"""
        select m.id, m.tenant, m.key, m.type, l.attempts, l.failing_since, l.retry_at, l.error, l.alarmed
        from {schema}.{MessageTables.Lanes} l
        join {schema}.{MessageTables.Messages} m on m.id = l.message
        where l.attempts > 0
        order by l.failing_since, l.lane, l.tenant
        limit 100
        """;

    private readonly string _scheduled = $"""
        select s.id, s.tenant, s.name, s.key, s.type, s.data, s.due_at, s.published_at
        from {schema}.{MessageTables.Scheduled} s
        where s.due_at > $1
        order by s.due_at, s.id
        limit $2
        """;

    public async Task<MessagesStatus> FetchAsync(CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_byType);
        batch.Add(_counts);
        batch.Add(_failing);
        Dictionary<string, long> byType = new(StringComparer.Ordinal);
        List<FailingMessage> failing = [];
        DateTimeOffset? oldest = null;
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            byType.Add(rows.GetString(0), rows.GetInt64(1));
            oldest = oldest is { } before && before <= rows.GetInstant(2) ? before : rows.GetInstant(2);
        }

        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
        var (scheduled, failingKeys, alarmed) = (rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2));
        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            failing.Add(ReadFailing(rows));

        return new MessagesStatus
        {
            Waiting = byType.Values.Sum(),
            Oldest = oldest,
            WaitingByType = byType,
            Scheduled = scheduled,
            FailingKeys = failingKeys,
            AlarmedKeys = alarmed,
            Failing = failing,
        };
    }

    public async Task<IReadOnlyList<ScheduledMessage>> ListScheduledAsync(
        DateTimeOffset after, int maxCount, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_scheduled)
            .With(after.UtcDateTime == DateTime.MinValue ? DateTimeOffset.UnixEpoch : after.ToUniversalTime(), NpgsqlDbType.TimestampTz)
            .With(maxCount, NpgsqlDbType.Integer);
        List<ScheduledMessage> all = [];
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        using var reader = new ColumnReader(rows);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            all.Add(new ScheduledMessage
            {
                Id = rows.GetGuid(0),
                TenantId = TenantId.Stored(rows.GetString(1)),
                Name = rows.IsDBNull(2) ? null : rows.GetString(2),
                Key = rows.IsDBNull(3) ? null : rows.GetString(3),
                TypeName = rows.GetString(4),
                Json = reader.ReadJson(5).ToArray(),
                Due = rows.GetInstant(6),
                Published = rows.GetInstant(7),
            });
        }

        return all;
    }

    private static FailingMessage ReadFailing(NpgsqlDataReader rows) => new()
    {
        Id = rows.GetGuid(0),
        TenantId = TenantId.Stored(rows.GetString(1)),
        Key = rows.IsDBNull(2) ? null : rows.GetString(2),
        TypeName = rows.GetString(3),
        Attempts = rows.GetInt32(4),
        FailingSince = rows.GetInstant(5),
        RetryAt = rows.IsDBNull(6) ? null : rows.GetInstant(6),
        Error = rows.IsDBNull(7) ? "" : rows.GetString(7),
        IsAlarmed = rows.GetBoolean(8),
    };
}
