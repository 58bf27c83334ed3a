using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>The function in the database that pauses, resumes or rewinds one tenant of a subscription.</summary>
internal static class SetTenantApartFunction
{
    public const string Name = "set_tenant_apart";

    public const string Arguments = "p_name text, p_tenant text, p_held boolean, p_to bigint";

    /// <summary>
    /// The tenant gets ranges of its own beside those of all others, which go on without it: one a range, from where that stands, since
    /// ranges stand at different positions. All get new epochs, so that nobody goes on with the tenant who took it along before. Returns
    /// whether anything was changed; null if there is no such subscription.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_held boolean;
          v_made integer;
        begin
          {RangeSql.Lock(schema)}
          select bool_or(c.held) into v_held
          from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription = p_name and c.tenant = p_tenant;
          if p_held or p_to is not null then
            -- Some of its ranges may have been joined again: whatever is done concerns all.
            insert into {schema}.{SubscriptionTables.Checkpoints} (
              subscription, version, tenant, first, last, position, epoch, paused, held, replayed_to, event_position, event_id, format,
              timeline, moved_at)
            select c.subscription, c.version, p_tenant, c.first, c.last, c.position, nextval('{schema}.{SubscriptionTables.Epochs}'),
                   c.paused, coalesce(v_held, false), c.replayed_to, c.event_position, c.event_id, c.format, c.timeline, c.moved_at
            from {schema}.{SubscriptionTables.Checkpoints} c
            where c.subscription = p_name and c.tenant = ''
            order by c.version, c.first
            on conflict (subscription, version, tenant, first) do nothing;
            get diagnostics v_made = row_count;
            update {schema}.{SubscriptionTables.Parked} k
            set apart = true
            where k.subscription = p_name and k.tenant = p_tenant and not k.apart;

            -- Ranges that were about to be joined do not wait for each other any more.
            update {schema}.{SubscriptionTables.Checkpoints} c
            set {RangeSql.Free(schema)}
            where c.subscription = p_name and (c.stop_at is not null or (v_made > 0 and c.tenant = ''));
          elsif v_held is null then
            return false;
          end if;

          if p_held is not null then
            update {schema}.{SubscriptionTables.Checkpoints} c
            set held = p_held,
                state = case when p_held then c.state else 0 end,
                failure = case when p_held then c.failure end,
                claims = 0
            where c.subscription = p_name and c.tenant = p_tenant;
          end if;

          if p_to is not null then
            update {schema}.{SubscriptionTables.Checkpoints} c
            set {RangeSql.Rewind(schema, "p_to")}
            where c.subscription = p_name and c.tenant = p_tenant;
            delete from {schema}.{SubscriptionTables.Parked} k
            where k.subscription = p_name and k.tenant = p_tenant and k.position > p_to;
          end if;

          insert into {schema}.{Events.EventTables.Audit} (verb, tenant, detail)
          values (
            case when p_held then 'subscription-pause' when p_to is null then 'subscription-resume' else 'subscription-rewind' end,
            p_tenant,
            jsonb_strip_nulls(jsonb_build_object('subscription', p_name, 'to', p_to)));
          return true;
        end
        """;
}
