using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Subscriptions;
using RangeSql = FluentEventStore.Subscriptions.RangeSql;

namespace FluentEventStore.Projections;

/// <summary>The function in the database that lets what was built serve.</summary>
internal static class SwitchProjectionFunction
{
    public const string Name = "switch_projection";

    public const string Arguments =
        "p_name text, p_version integer, p_slot smallint, p_built text, p_serving text, p_alone boolean";

    /// <summary>What it returns if keys are parked.</summary>
    public const int IsParked = -1;

    /// <summary>
    /// It switches when all ranges of both stand at one position and none has parked keys: then no event is missing in what serves from
    /// now on, and what either did beside writing views was done once. The first call marks where they stop, at the highest of their
    /// positions; later ones find them there. If nobody carries what serves (<c>p_alone</c>), it is not waited for, but what was built
    /// must have got as far. Returns the position of the switch; null as long as they are on their way, or if nothing is built.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_ranges record;
          v_version integer;
        begin
          perform from {schema}.{ProjectionTables.Projections} p where p.name = p_name order by p.version for update;
          if not exists (
              select from {schema}.{ProjectionTables.Projections} p
              where p.name = p_name and p.version = p_version and p.building = p_slot) then
            return null;
          end if;

          perform from {schema}.{SubscriptionTables.Subscriptions} s
          where s.name in (p_built, p_serving)
          order by s.name, s.version
          for update;
          perform from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription in (p_built, p_serving)
          order by c.subscription, c.version, c.first, c.tenant
          for update;
          if exists (
              select from {schema}.{SubscriptionTables.Parked} k
              where k.subscription = p_built or (k.subscription = p_serving and not p_alone)) then
            return {IsParked};
          end if;

          -- What serves is never ahead of what comes after it, whether somebody carries it or not.
          select min(c.position) filter (where c.subscription = p_built or not p_alone) as lowest, max(c.position) as highest into v_ranges
          from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription in (p_built, p_serving);
          if v_ranges.lowest is null then
            return null;
          end if;

          if v_ranges.lowest < v_ranges.highest then
            update {schema}.{SubscriptionTables.Checkpoints} c
            set stop_at = v_ranges.highest,
                owner = case when c.stop_at is null then c.owner end,
                epoch = case when c.stop_at is null then c.epoch else nextval('{schema}.{SubscriptionTables.Epochs}') end
            where (c.subscription = p_built or (c.subscription = p_serving and not p_alone))
              and c.stop_at is distinct from v_ranges.highest;
            return null;
          end if;

          select p.version into v_version
          from {schema}.{ProjectionTables.Projections} p
          where p.name = p_name and p.serves;
          update {schema}.{ProjectionTables.Projections} p
          set serves = p.version = p_version,
              ready = p.ready or p.version = p_version,
              slot = case when p.version = p_version then p_slot else p.slot end,
              building = case when p.version = p_version then null else p.building end,
              switched_at = case when p.version = p_version then pg_catalog.clock_timestamp() else p.switched_at end
          where p.name = p_name;
          update {schema}.{SubscriptionTables.Checkpoints} c
          set {RangeSql.Free(schema)},
              paused = c.paused or (c.subscription = p_serving and v_version = p_version)
          where c.subscription in (p_built, p_serving);
          insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
          values (
            'projection-switch', '',
            pg_catalog.jsonb_build_object('projection', p_name, 'version', p_version, 'position', v_ranges.highest));
          return v_ranges.highest;
        end
        """;
}
