using FluentEventStore.Events;
using FluentEventStore.Messages;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Outbox;

/// <summary>Changes what waits, each change in one statement with its row in the audit.</summary>
internal sealed class MessageControls(Database database, SqlIdentifier schema)
{
    private readonly string _retry = $"""
        with retried as (
          update {schema}.{MessageTables.Lanes} l
          set retry_at = null
          where l.retry_at is not null and l.attempts > 0 and (l.message = $1 or $1 is null)
          returning l.tenant, l.message, l.attempts),
        written as (
          insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
          select 'retry_message', r.tenant, pg_catalog.jsonb_build_object('message', r.message, 'attempts', r.attempts)
          from retried r)
        select count(*)::integer from retried
        """;

    // A lane that is being sent is left to its sender.
    private readonly string _drop = $"""
        with waiting as (
          delete from {schema}.{MessageTables.Messages} m where m.id = $1 returning m.tenant, m.lane, m.key, m.type),
        scheduled as (
          delete from {schema}.{MessageTables.Scheduled} s where s.id = $1 returning s.tenant, s.name, s.key, s.type),
        freed as (
          delete from {schema}.{MessageTables.Lanes} l
          using waiting w
          where l.lane = w.lane and l.tenant = w.tenant and l.message = $1 and l.leased_until is null),
        gone as (
          select w.tenant, null as name, w.key, w.type from waiting w
          union all
          select s.tenant, s.name, s.key, s.type from scheduled s),
        written as (
          insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
          select 'drop_message', g.tenant,
                 pg_catalog.jsonb_build_object('message', $1, 'type', g.type, 'key', g.key, 'name', g.name, 'reason', $2)
          from gone g)
        select count(*)::integer from gone
        """;

    /// <param name="id">The message; <see langword="null"/> for all that have failed.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    public Task<int> RetryAsync(Guid? id, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch();
        _ = id is { } one ? batch.Add(_retry).With(one, NpgsqlDbType.Uuid) : batch.Add(_retry).WithNull(NpgsqlDbType.Uuid);
        return CountAsync(batch, cancellationToken);
    }

    public async Task<bool> DropAsync(Guid id, string reason, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch();
        batch.Add(_drop).With(id, NpgsqlDbType.Uuid).With(reason, NpgsqlDbType.Text);
        return await CountAsync(batch, cancellationToken).ConfigureAwait(false) > 0;
    }

    private async Task<int> CountAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        using (batch)
            return await database.WriteAsync(batch, static row => row.GetInt32(0), cancellationToken).ConfigureAwait(false);
    }
}
