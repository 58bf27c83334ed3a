using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>The function in the database by which whoever carries a range gives one tenant a range of its own beside it.</summary>
internal static class ShareRangeFunction
{
    public const string Name = "share_range";

    public const string Arguments = "p_name text, p_version integer, p_tenant text, p_first smallint, p_owner uuid, p_epoch bigint";

    /// <summary>
    /// Only the one range is changed, between two of its pages: those of the other ranges go on. Returns whether it was; null if there is
    /// no such subscription.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_last smallint;
        begin
          perform from {schema}.{SubscriptionTables.Subscriptions} s where s.name = p_name order by s.version for update;
          if not found then
            return null;
          end if;

          update {schema}.{SubscriptionTables.Checkpoints} c
          set {RangeSql.Free(schema)}
          where c.subscription = p_name and c.version = p_version and c.tenant = '' and c.first = p_first
            and c.owner = p_owner and c.epoch = p_epoch and not c.paused
          returning c.last into v_last;
          if not found then
            return false;
          end if;

          -- Others that were about to be joined with it do not wait for it any more.
          {RangeSql.FreeMarked(schema)}
          insert into {schema}.{SubscriptionTables.Checkpoints} (
            subscription, version, tenant, first, last, position, epoch, replayed_to, event_position, event_id, format, timeline, moved_at)
          select c.subscription, c.version, p_tenant, c.first, c.last, c.position, nextval('{schema}.{SubscriptionTables.Epochs}'),
                 c.replayed_to, c.event_position, c.event_id, c.format, c.timeline, c.moved_at
          from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription = p_name and c.version = p_version and c.tenant = '' and c.first = p_first;
          update {schema}.{SubscriptionTables.Parked} k
          set apart = true
          where k.subscription = p_name and k.version = p_version and k.tenant = p_tenant and not k.apart
            and k.slice between p_first and v_last;
          return true;
        end
        """;
}
