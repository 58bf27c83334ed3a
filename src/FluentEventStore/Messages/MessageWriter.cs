using System.Text;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Messages;

/// <summary>Writes what a unit of work does to messages.</summary>
internal sealed class MessageWriter(SqlIdentifier schema)
{
    private const string Columns =
        "id, tenant, lane, key, type, data, correlation_id, causation_id, user_name, headers, trace, published_at";

    private readonly string _publish = $"""
        insert into {schema}.{MessageTables.Messages} ({Columns})
        select u.id, $1, u.lane, u.key, u.type, u.data, u.correlation_id, u.causation_id, u.user_name, u.headers, u.trace, $12
        from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) with ordinality
          as u (id, lane, key, type, data, correlation_id, causation_id, user_name, headers, trace, nth)
        order by u.nth
        on conflict (id) do nothing
        """;

    private readonly string _schedule = $"""
        insert into {schema}.{MessageTables.Scheduled} ({Columns}, due_at)
        select u.id, $1, u.lane, u.key, u.type, u.data, u.correlation_id, u.causation_id, u.user_name, u.headers, u.trace, $12, u.due_at
        from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $13)
          as u (id, lane, key, type, data, correlation_id, causation_id, user_name, headers, trace, due_at)
        order by u.id
        on conflict (id) do nothing
        """;

    private readonly string _name =
        $"select {schema}.{ScheduleMessagesFunction.Name}($1, $14, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

    /// <summary>Adds the statements, before positions are drawn: a name may be another unit's for a moment.</summary>
    public void Add(NpgsqlBatch batch, TenantId tenantId, DateTimeOffset timestamp, MessageUnit unit)
    {
        if (unit.Published is { Length: > 0 } published)
            AddMessages(batch.Add(_publish), tenantId, timestamp, published, unit.Cause);

        if (unit.Scheduled is { Length: > 0 } scheduled)
            AddDue(AddMessages(batch.Add(_schedule), tenantId, timestamp, scheduled, unit.Cause), scheduled);

        if (unit.Named is { Length: > 0 } named)
        {
            PendingMessage?[] messages = [.. named.Select(static one => one.Value)];
            AddDue(AddMessages(batch.Add(_name), tenantId, timestamp, messages, unit.Cause), messages)
                .With(Array.ConvertAll(named, static one => one.Key), NpgsqlDbType.Array | NpgsqlDbType.Text);
        }
    }

    private static NpgsqlBatchCommand AddMessages(
        NpgsqlBatchCommand command, TenantId tenantId, DateTimeOffset timestamp, PendingMessage?[] messages, MessageCause ofUnit)
    {
        return command
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(All(static one => one?.Id ?? Guid.Empty), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(All(one => one is null ? null : LaneName.Of(tenantId, one.Key, one.Id)), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(static one => one?.Key), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(static one => one?.Type.Name), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(static one => one is null ? null : Encoding.UTF8.GetString(one.Json.Span)), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .With(All(one => CauseOf(one)?.CorrelationId), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(one => CauseOf(one)?.CausationId), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(one => CauseOf(one)?.UserName), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(one => CauseOf(one)?.Headers), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .With(All(static one => one?.Trace), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(timestamp, NpgsqlDbType.TimestampTz);

        T[] All<T>(Converter<PendingMessage?, T> value) => Array.ConvertAll(messages, value);

        MessageCause? CauseOf(PendingMessage? message) => message is null ? null : message.Cause ?? ofUnit;
    }

    private static NpgsqlBatchCommand AddDue(NpgsqlBatchCommand command, PendingMessage?[] messages) => command.With(
        Array.ConvertAll(messages, static one => one?.Due ?? DateTimeOffset.UnixEpoch), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);
}
