using FluentEventStore.Postgres;
using FluentEventStore.Subscriptions;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Projections;

/// <summary>
/// Keeps daemons from writing snapshots while a unit of work changes what streams hold. Each page of a daemon first moves its checkpoint:
/// so whoever shares the row waits for pages that are being written, and those that come later see what the unit did.
/// </summary>
internal static class SnapshotHold
{
    /// <summary>
    /// Adds the statement to a batch, before anything else is locked; <see langword="null"/> if no daemon writes snapshots.
    /// </summary>
    /// <param name="schema">The schema of the store.</param>
    /// <param name="projections">The names of the projections that keep snapshots from the log.</param>
    public static Action<NpgsqlBatch>? Over(SqlIdentifier schema, string[] projections)
    {
        if (projections.Length == 0)
            return null;

        var statement = $"""
            select pg_catalog.count(*)
            from (
              select
              from {schema}.{SubscriptionTables.Checkpoints} c
              where c.subscription = any ($1)
              order by c.subscription, c.version, c.tenant, c.first
              for share
            ) as held
            """;
        return batch => batch.Add(statement).With(projections, NpgsqlDbType.Array | NpgsqlDbType.Text);
    }
}
