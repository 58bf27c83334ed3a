using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>The rows of keys that wait since an event of theirs failed.</summary>
internal static class ParkedRows
{
    /// <summary>
    /// Adds the statements that note an event that is given up. They follow the comparison of the checkpoint, in its transaction: apart from
    /// it, a worker that lost the range would park what the new one has handled.
    /// </summary>
    public static void AddGivenUp(
        NpgsqlBatch batch, SqlIdentifier schema, RangeKey range, EventKey key, long position, FailedEvent how, SubscriptionFailure failure)
    {
        var reason = FailureJson.Write(failure);
        if (how == FailedEvent.Park)
        {
            batch.Add($"""
                insert into {schema}.{SubscriptionTables.Parked} as k (subscription, version, tenant, key, slice, position, failure)
                values ($1, $2, $3, $4, $5, $6, $7)
                on conflict (subscription, version, tenant, key) do update
                set position = excluded.position, failure = excluded.failure, since = pg_catalog.now(), wish = null, due = null
                """)
                .With(range.Subscription, NpgsqlDbType.Text)
                .With(range.Version, NpgsqlDbType.Integer)
                .With(key.Tenant, NpgsqlDbType.Text)
                .With(key.Key, NpgsqlDbType.Text)
                .With((short)key.Slice, NpgsqlDbType.Smallint)
                .With(position, NpgsqlDbType.Bigint)
                .With(reason, NpgsqlDbType.Jsonb);
        }

        AddAudit(batch, schema, how == FailedEvent.Park ? "park" : "skip", range, key, position, reason);
    }

    /// <summary>Adds the statement that records what was done to events that failed.</summary>
    public static void AddAudit(
        NpgsqlBatch batch, SqlIdentifier schema, string verb, RangeKey range, EventKey key, long position, string reason) => batch.Add($"""
            insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
            values ($1, $2, jsonb_build_object('subscription', $3, 'key', $4, 'position', $5, 'reason', $6))
            """)
            .With(verb, NpgsqlDbType.Text)
            .With(key.Tenant, NpgsqlDbType.Text)
            .With(range.Subscription, NpgsqlDbType.Text)
            .With(key.Key, NpgsqlDbType.Text)
            .With(position, NpgsqlDbType.Bigint)
            .With(reason, NpgsqlDbType.Jsonb);
}
