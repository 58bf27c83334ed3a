using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// The function in the database that makes the rows of a subscription that is not there yet, or hands those of an earlier version to the
/// next.
/// </summary>
internal static class BeginSubscriptionFunction
{
    public const string Name = "begin_subscription";

    public const string Arguments =
        "p_name text, p_version integer, p_fingerprint text, p_partition text, p_floor bigint, p_replayed_to bigint, p_starts smallint[], "
        + "p_ends smallint[]";

    public const string Returns = "TABLE(version integer, fingerprint text, partition text)";

    /// <summary>
    /// The row of the subscription is locked first, whatever happens. A higher version takes over ranges and positions as they are, with
    /// new epochs: whoever carries the old one is fenced. Without a floor, one that is not there is not made, and nothing is returned. It
    /// must have the same partition, for a key must not change its range.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_found record;
        begin
          -- Ones that are made at the same time wait here for each other.
          perform pg_catalog.pg_advisory_xact_lock({LockHolders.Space}, pg_catalog.hashtext('{schema}.{SubscriptionTables.Subscriptions}'));
          select s.version, s.fingerprint, s.partition into v_found
          from {schema}.{SubscriptionTables.Subscriptions} s
          where s.name = p_name
          order by s.version desc
          limit 1
          for update;

          if not found and p_floor is null then
            return;
          elsif not found then
            insert into {schema}.{SubscriptionTables.Subscriptions} (name, version, fingerprint, partition, floor)
            values (p_name, p_version, p_fingerprint, p_partition, p_floor);
            insert into {schema}.{SubscriptionTables.Checkpoints} (
              subscription, version, first, last, position, replayed_to, epoch, format)
            select p_name, p_version, u.first, u.last, p_floor, p_replayed_to, nextval('{schema}.{SubscriptionTables.Epochs}'),
                   {SubscriptionTables.Format}
            from unnest(p_starts, p_ends) as u (first, last)
            order by u.first;
          elsif p_version > v_found.version and v_found.partition = p_partition then
            perform from {schema}.{SubscriptionTables.Checkpoints} c
            where c.subscription = p_name and c.version = v_found.version
            order by c.first, c.tenant
            for update;
            update {schema}.{SubscriptionTables.Checkpoints} c
            set version = p_version, owner = null, epoch = nextval('{schema}.{SubscriptionTables.Epochs}'), claims = 0,
                state = 0, failure = null
            where c.subscription = p_name and c.version = v_found.version;
            update {schema}.{SubscriptionTables.Parked} k
            set version = p_version
            where k.subscription = p_name and k.version = v_found.version;
            update {schema}.{SubscriptionTables.Subscriptions} s
            set version = p_version, fingerprint = p_fingerprint
            where s.name = p_name and s.version = v_found.version;
          end if;

          return query
          select s.version, s.fingerprint, s.partition
          from {schema}.{SubscriptionTables.Subscriptions} s
          where s.name = p_name
          order by s.version desc
          limit 1;
        end
        """;
}
