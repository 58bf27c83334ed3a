using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// The function in the database that joins a tenant's own range with that of all others, or brings them to where that can be.
/// </summary>
internal static class RejoinTenantFunction
{
    public const string Name = "rejoin_tenant";

    public const string Arguments = "p_name text, p_version integer, p_tenant text, p_first smallint, p_stops boolean";

    /// <summary>
    /// Both must stand at one position. Where they do not, and are to stop, a first call marks where, at the higher of their positions, and
    /// a later one finds them there. A range that does not go on holds up nobody: what was marked for it is taken back. Returns whether
    /// they were joined; null if there is no such subscription.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_own {schema}.{SubscriptionTables.Checkpoints}%rowtype;
          v_all {schema}.{SubscriptionTables.Checkpoints}%rowtype;
        begin
          {RangeSql.Lock(schema)}
          select c.* into v_own
          from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription = p_name and c.version = p_version and c.tenant = p_tenant and c.first = p_first;
          select c.* into v_all
          from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription = p_name and c.version = p_version and c.tenant = '' and c.first = p_first;
          if v_own.first is null or v_all.first is null then
            return false;
          end if;

          -- Who rests at a mark that the others do not have, or beside one that does not go on, would wait for ever.
          if v_own.held or v_own.paused or v_all.paused or v_own.state <> {(int)RowState.Open} or v_all.state <> {(int)RowState.Open}
              or (v_own.stop_at is not null and v_own.stop_at is distinct from v_all.stop_at) then
            {RangeSql.FreeMarked(schema)}
            return false;
          end if;

          if v_own.position <> v_all.position then
            if not p_stops then
              return false;
            end if;

            -- Another tenant may have a mark with the others: it is for this one too, if it has not passed it.
            update {schema}.{SubscriptionTables.Checkpoints} c
            set stop_at = coalesce(v_all.stop_at, greatest(v_own.position, v_all.position))
            where c.subscription = p_name and c.version = p_version and c.tenant in ('', p_tenant) and c.first = p_first
              and c.stop_at is null and (v_all.stop_at is null or v_own.position <= v_all.stop_at);
            return false;
          end if;

          delete from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription = p_name and c.version = p_version and c.tenant = p_tenant and c.first = p_first;
          update {schema}.{SubscriptionTables.Parked} k
          set apart = false
          where k.subscription = p_name and k.version = p_version and k.tenant = p_tenant and k.slice between v_all.first and v_all.last;
          update {schema}.{SubscriptionTables.Checkpoints} c
          set {RangeSql.Free(schema)}, replayed_to = greatest(v_all.replayed_to, v_own.replayed_to)
          where c.subscription = p_name and c.version = p_version and c.tenant = '' and c.first = p_first;
          {RangeSql.FreeMarked(schema)}
          return true;
        end
        """;
}
