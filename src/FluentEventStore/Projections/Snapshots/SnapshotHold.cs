using FluentEventStore.Documents;
using FluentEventStore.Postgres;
using FluentEventStore.Subscriptions;
using Npgsql;

namespace FluentEventStore.Projections;

/// <summary>
/// Keeps daemons from writing snapshots while somebody changes what streams hold. Each page of a daemon first moves its checkpoint: so
/// whoever shares the row waits for pages that are being written, and those that come later see what was done.
/// </summary>
internal static class SnapshotHold
{
    /// <summary>
    /// Adds the statement to a batch, before anything else is locked. The database knows which checkpoints they are: the daemon may be one
    /// of another release, which keeps other aggregates, in other versions, than the store that changes a stream.
    /// </summary>
    /// <param name="schema">The schema of the store.</param>
    public static Action<NpgsqlBatch> Over(SqlIdentifier schema)
    {
        var statement = $"""
            select pg_catalog.count(*)
            from (
              select
              from {schema}.{SubscriptionTables.Checkpoints} c
              where c.subscription = any (array(
                select {ProjectionBuild.FirstSubscriptionSql("p.name", "p.version")}
                from {schema}.{ProjectionTables.Projections} p
                where p.of_streams))
              order by c.subscription, c.version, c.tenant, c.first
              for share
            ) as held
            """;
        return batch => batch.Add(statement);
    }
}
