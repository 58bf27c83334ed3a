using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Subscriptions;

/// <summary>The function in the database that moves on what parked keys wait from, or frees them.</summary>
internal static class MoveParkedFunction
{
    public const string Name = "move_parked";

    public const string Arguments =
        "p_subscription text, p_version integer, p_tenants text[], p_keys text[], p_expected bigint[], p_next bigint[], p_wishes bigint[], "
        + "p_dropped integer[], p_failures jsonb[], p_read_wishes bigint[], p_read_drops bigint[]";

    /// <summary>
    /// Follows the comparison of the checkpoint. Each key must wait from where the worker takes it to: else somebody has changed it since,
    /// and the worker has to look anew. So it is if somebody wants events to be dropped, or no longer, since the worker read that: it may
    /// have handled one of them. Another wish that came since stays. A next position of 0 frees a key; a wish of null ends its replay.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_moved integer;
          v_freed integer;
        begin
          -- Others lock many keys too, in this order.
          if cardinality(p_keys) > 1 then
            perform 1
            from {schema}.{SubscriptionTables.Parked} k
            join unnest(p_tenants, p_keys) as u (tenant, key) on u.tenant = k.tenant and u.key = k.key
            where k.subscription = p_subscription and k.version = p_version
            order by k.subscription, k.version, k.tenant, k.key
            for update of k;
          end if;

          update {schema}.{SubscriptionTables.Parked} k
          set position = u.next,
              wish = case when coalesce(k.wish, {long.MaxValue}) = u.read_wish then u.wish else k.wish end,
              drops = case when u.wish is null then 0 else greatest(k.drops - u.dropped, 0) end,
              due = case when u.wish is null then null else k.due end,
              failure = coalesce(u.failure, k.failure),
              since = case when u.failure is null then k.since else now() end
          from unnest(p_tenants, p_keys, p_expected, p_next, p_wishes, p_dropped, p_failures, p_read_wishes, p_read_drops)
            as u (tenant, key, expected, next, wish, dropped, failure, read_wish, read_drops)
          where k.subscription = p_subscription and k.version = p_version and k.tenant = u.tenant and k.key = u.key
            and k.position = u.expected and k.drops = u.read_drops and u.next > 0;
          get diagnostics v_moved = row_count;

          delete from {schema}.{SubscriptionTables.Parked} k
          using unnest(p_tenants, p_keys, p_expected, p_next, p_read_drops) as u (tenant, key, expected, next, read_drops)
          where k.subscription = p_subscription and k.version = p_version and k.tenant = u.tenant and k.key = u.key
            and k.position = u.expected and k.drops = u.read_drops and u.next = 0;
          get diagnostics v_freed = row_count;

          if v_moved + v_freed <> cardinality(p_keys) then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.ParkedMoved}', jsonb_build_object());
          end if;
        end
        """;
}
