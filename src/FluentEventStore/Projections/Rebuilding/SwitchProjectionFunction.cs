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
        "p_name text, p_version integer, p_slot smallint, p_built text, p_serving text, p_head bigint";

    /// <summary>What it returns if keys are parked.</summary>
    public const int IsParked = -1;

    /// <summary>SQL for whether what serves moves on by itself, so that it can be met at a position.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="subscription">SQL for the name of its subscription.</param>
    /// <remarks>
    /// Somebody who is alive knows it, and none of its ranges was stopped. Whether a range has an owner says nothing: it may be on its way
    /// to another one.
    /// </remarks>
    public static string IsCarried(SqlIdentifier schema, string subscription) => $"""
        exists (
            select
            from {schema}.{SubscriptionTables.Nodes} n
            join {schema}.{SubscriptionTables.Subscriptions} s on {RangeSql.IsKnownBy("n")}
            where s.name = {subscription}
              and n.beat > pg_catalog.clock_timestamp() - interval '1 minute')
          and not exists (
            select from {schema}.{SubscriptionTables.Checkpoints} c where c.subscription = {subscription} and {IsStopped})
        """;

    private static readonly string IsStopped = $"(c.paused or c.held or c.state = {(int)RowState.Faulted})";

    /// <summary>
    /// It switches when all ranges of both stand at one position and none has parked keys: then no event is missing in what serves from
    /// now on, and what either did beside writing views was done once. The first call marks where they stop, at the highest of their
    /// positions; later ones find them there. If nobody carries what serves, it is not waited for, but still got to. Views of units of work
    /// are as far as the log: what is built stops where that was at the first call. Returns the position of the switch; null as long as
    /// they are on their way, or if nothing is built. If what is built cannot get there, what serves goes on.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_ranges record;
          v_serving record;
          v_is_parked boolean;
          v_alone boolean;
          v_highest bigint;
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
          v_alone := not ({IsCarried(schema, "p_serving")});
          v_is_parked := exists (
            select from {schema}.{SubscriptionTables.Parked} k
            where k.subscription = p_built or (k.subscription = p_serving and not v_alone));
          if v_is_parked or exists (
              select from {schema}.{SubscriptionTables.Checkpoints} c where c.subscription = p_built and {IsStopped}) then
            update {schema}.{SubscriptionTables.Checkpoints} c
            set {RangeSql.Free(schema)}
            where c.subscription in (p_built, p_serving) and c.stop_at is not null;
            return case when v_is_parked then {IsParked} end;
          end if;

          select p.version, p.inline into v_serving
          from {schema}.{ProjectionTables.Projections} p
          where p.name = p_name and p.serves;
          select min(c.position) filter (where c.subscription = p_built or not v_alone) as lowest,
                 max(c.position) as highest,
                 max(c.stop_at) filter (where c.subscription = p_built) as mark
          into v_ranges
          from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription in (p_built, p_serving);
          if v_ranges.lowest is null then
            return null;
          end if;

          v_highest := case
            when v_serving.inline then greatest(v_ranges.highest, coalesce(v_ranges.mark, p_head))
            else v_ranges.highest
          end;
          if v_ranges.lowest < v_highest then
            update {schema}.{SubscriptionTables.Checkpoints} c
            set stop_at = v_highest,
                owner = case when c.stop_at is null then c.owner end,
                epoch = case when c.stop_at is null then c.epoch else nextval('{schema}.{SubscriptionTables.Epochs}') end
            where (c.subscription = p_built or (c.subscription = p_serving and not v_alone))
              and c.stop_at is distinct from v_highest;
            return null;
          end if;

          update {schema}.{ProjectionTables.Projections} p
          set serves = p.version = p_version,
              ready = p.ready or p.version = p_version,
              slot = case when p.version = p_version then p_slot else p.slot end,
              building = case when p.version = p_version then null else p.building end,
              switched_at = case when p.version = p_version then pg_catalog.clock_timestamp() else p.switched_at end
          where p.name = p_name;
          update {schema}.{SubscriptionTables.Checkpoints} c
          set {RangeSql.Free(schema)},
              paused = c.paused or (c.subscription = p_serving and v_serving.version = p_version)
          where c.subscription in (p_built, p_serving);
          insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
          values (
            'projection-switch', '',
            pg_catalog.jsonb_build_object('projection', p_name, 'version', p_version, 'position', v_highest));
          return v_highest;
        end
        """;
}
