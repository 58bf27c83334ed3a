using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Subscriptions;

namespace FluentEventStore.Projections;

/// <summary>The function in the database that begins to build a projection anew, beside what serves.</summary>
internal static class BeginRebuildFunction
{
    public const string Name = "begin_rebuild";

    public const string Arguments =
        "p_name text, p_version integer, p_subscriptions text[], p_tables text[], p_fingerprint text, p_partition text, "
        + "p_replayed_to bigint, p_starts smallint[], p_ends smallint[]";

    /// <summary>What it returns if something is being built already.</summary>
    public const int IsBuilding = -1;

    /// <summary>
    /// Empties the table that does not serve, and begins at the beginning of the log. By slot: the names of the subscriptions, and of the
    /// tables, as many of each slot. Returns the slot that is built; null if the version is not there.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_found record;
          v_slot smallint;
          v_table text;
        begin
          perform from {schema}.{ProjectionTables.Projections} p where p.name = p_name order by p.version for update;
          if exists (
              select from {schema}.{ProjectionTables.Projections} p where p.name = p_name and p.building is not null) then
            return {IsBuilding};
          end if;

          select p.slot into v_found
          from {schema}.{ProjectionTables.Projections} p
          where p.name = p_name and p.version = p_version;
          if not found then
            return null;
          end if;

          v_slot := 1 - v_found.slot;
          -- Whoever still writes a page of it is done, or is refused by the row that is gone.
          perform from {schema}.{SubscriptionTables.Subscriptions} s where s.name = p_subscriptions[v_slot + 1] for update;
          delete from {schema}.{SubscriptionTables.Checkpoints} c where c.subscription = p_subscriptions[v_slot + 1];
          delete from {schema}.{SubscriptionTables.Parked} k where k.subscription = p_subscriptions[v_slot + 1];
          delete from {schema}.{SubscriptionTables.Subscriptions} s where s.name = p_subscriptions[v_slot + 1];
          foreach v_table in array p_tables[v_slot * cardinality(p_tables) / 2 + 1 : (v_slot + 1) * cardinality(p_tables) / 2] loop
            execute pg_catalog.format('delete from {schema}.%I', v_table);
          end loop;
          perform {schema}.{BeginSubscriptionFunction.Name}(
            p_subscriptions[v_slot + 1], 1, p_fingerprint, p_partition, 0, p_replayed_to, p_starts, p_ends);
          update {schema}.{ProjectionTables.Projections} p
          set building = v_slot, began_at = pg_catalog.clock_timestamp()
          where p.name = p_name and p.version = p_version;
          insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
          values ('projection-rebuild', '', pg_catalog.jsonb_build_object('projection', p_name, 'version', p_version));
          return v_slot;
        end
        """;
}
