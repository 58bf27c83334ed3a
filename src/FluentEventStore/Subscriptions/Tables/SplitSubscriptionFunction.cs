using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// The function in the database that splits the widest range of a subscription, again and again, until it has enough of them.
/// </summary>
internal static class SplitSubscriptionFunction
{
    public const string Name = "split_subscription";

    public const string Arguments = "p_name text, p_count integer";

    /// <summary>
    /// Both halves go on from where the range stood, with new epochs: whoever carries it is fenced. So do the ranges of tenants of their
    /// own. Returns how many ranges there are, without those; null if there is no such subscription.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_count integer;
          v_widest record;
        begin
          {RangeSql.Lock(schema)}
          loop
            select count(*) into v_count from {schema}.{SubscriptionTables.Checkpoints} c where c.subscription = p_name and c.tenant = '';
            exit when v_count >= p_count;
            select c.version, c.first, c.last into v_widest
            from {schema}.{SubscriptionTables.Checkpoints} c
            where c.subscription = p_name and c.tenant = '' and c.last > c.first
            order by c.last - c.first desc, c.first
            limit 1;
            exit when not found;

            insert into {schema}.{SubscriptionTables.Checkpoints} (
              subscription, version, tenant, first, last, state, position, epoch, paused, held, replayed_to, event_position, event_id,
              format, timeline, failure, moved_at, rate)
            select c.subscription, c.version, c.tenant, ((c.first + c.last) / 2 + 1)::smallint, c.last, c.state, c.position,
                   nextval('{schema}.{SubscriptionTables.Epochs}'), c.paused, c.held, c.replayed_to, c.event_position, c.event_id,
                   c.format, c.timeline, c.failure, c.moved_at, c.rate / 2
            from {schema}.{SubscriptionTables.Checkpoints} c
            where c.subscription = p_name and c.version = v_widest.version and c.first = v_widest.first
            order by c.tenant;

            update {schema}.{SubscriptionTables.Checkpoints} c
            set last = ((c.first + c.last) / 2)::smallint, rate = c.rate / 2, {RangeSql.Free(schema)}
            where c.subscription = p_name and c.version = v_widest.version and c.first = v_widest.first;
          end loop;
          {RangeSql.Note(schema, "'subscription-split'", "v_count")}
          return v_count;
        end
        """;
}
