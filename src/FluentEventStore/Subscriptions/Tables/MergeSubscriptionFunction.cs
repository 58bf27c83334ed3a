using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>The function in the database that merges ranges of a subscription, or brings them to where they can be merged.</summary>
internal static class MergeSubscriptionFunction
{
    public const string Name = "merge_subscription";

    /// <summary>What it returns if keys are parked.</summary>
    public const int IsParked = -1;

    /// <summary>What it returns if a tenant is paused alone.</summary>
    public const int IsHeld = -2;

    public const string Arguments = "p_name text, p_count integer, p_partition text";

    /// <summary>
    /// Nothing but one position for all ranges keeps order without loss or repetition. So the first call marks where they stop, at the
    /// highest of their positions, and later ones find them there. With a partition, all ranges are brought together and the partition is
    /// changed, unless keys are parked. Tenants with ranges of their own are brought to the same position, and have none afterwards.
    /// Returns how many ranges there are, 0 as long as they are on their way, <see cref="IsParked"/>, <see cref="IsHeld"/>, and null if
    /// there is no such subscription.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_ranges record;
          v_pair record;
        begin
          {RangeSql.Lock(schema)}
          select (count(*) filter (where c.tenant = ''))::integer as count, bool_or(c.held) as are_held, min(c.position) as lowest,
                 max(c.position) as highest
          into v_ranges
          from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription = p_name;
          if p_partition is null and v_ranges.count <= p_count then
            return v_ranges.count;
          end if;

          if p_partition is not null
              and exists (select from {schema}.{SubscriptionTables.Parked} k where k.subscription = p_name) then
            return {IsParked};
          end if;

          if v_ranges.are_held then
            return {IsHeld};
          end if;

          if v_ranges.lowest < v_ranges.highest then
            -- Who rests at another mark does not learn of this one: it has to claim the range anew.
            update {schema}.{SubscriptionTables.Checkpoints} c
            set stop_at = v_ranges.highest,
                owner = case when c.stop_at is null then c.owner end,
                epoch = case when c.stop_at is null then c.epoch else nextval('{schema}.{SubscriptionTables.Epochs}') end
            where c.subscription = p_name and c.stop_at is distinct from v_ranges.highest;
            return 0;
          end if;

          update {schema}.{SubscriptionTables.Checkpoints} c
          set replayed_to = (
            select max(o.replayed_to)
            from {schema}.{SubscriptionTables.Checkpoints} o
            where o.subscription = p_name and o.version = c.version and o.first = c.first)
          where c.subscription = p_name and c.tenant = '';
          delete from {schema}.{SubscriptionTables.Checkpoints} c where c.subscription = p_name and c.tenant <> '';
          update {schema}.{SubscriptionTables.Parked} k set apart = false where k.subscription = p_name and k.apart;
          if p_partition is not null then
            update {schema}.{SubscriptionTables.Subscriptions} s set partition = p_partition where s.name = p_name;
          else
            while v_ranges.count > p_count loop
              select c.version, c.first, n.first as next, n.last, c.paused or n.paused as paused, c.rate + n.rate as rate,
                     greatest(c.replayed_to, n.replayed_to) as replayed_to
              into v_pair
              from {schema}.{SubscriptionTables.Checkpoints} c
              join {schema}.{SubscriptionTables.Checkpoints} n
                on n.subscription = c.subscription and n.version = c.version and n.first = c.last + 1
              where c.subscription = p_name
              order by n.last - c.first, c.first
              limit 1;
              delete from {schema}.{SubscriptionTables.Checkpoints} c
              where c.subscription = p_name and c.version = v_pair.version and c.first = v_pair.next;
              update {schema}.{SubscriptionTables.Checkpoints} c
              set last = v_pair.last, paused = v_pair.paused, rate = v_pair.rate, replayed_to = v_pair.replayed_to
              where c.subscription = p_name and c.version = v_pair.version and c.first = v_pair.first;
              v_ranges.count := v_ranges.count - 1;
            end loop;
          end if;

          update {schema}.{SubscriptionTables.Checkpoints} c set {RangeSql.Free(schema)} where c.subscription = p_name;
          {RangeSql.Note(
              schema, "case when p_partition is null then 'subscription-merge' else 'subscription-repartition' end", "v_ranges.count")}
          return v_ranges.count;
        end
        """;
}
