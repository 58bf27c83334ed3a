using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Messages;

/// <summary>
/// The function in the database that gives a sender lanes that nobody is sending, with their first messages. Before that, it moves what is
/// due to the messages that wait.
/// </summary>
internal static class ClaimMessagesFunction
{
    public const string Name = "claim_messages";

    public const string Arguments =
        "p_owner uuid, p_lease interval, p_types text[], p_now timestamp with time zone, p_after_lane text, p_after_tenant text, "
        + "p_lanes integer, p_messages integer";

    public const string Returns =
        "TABLE(r_lane text, r_tenant text, r_token bigint, r_attempts integer, r_number bigint, r_id uuid, r_key text, r_type text, "
        + "r_data jsonb, r_correlation_id text, r_causation_id text, r_user_name text, r_headers jsonb, r_trace text, "
        + "r_published_at timestamp with time zone, r_next_due timestamp with time zone, r_next_retry interval)";

    /// <summary>How many messages are moved in one call when they are due.</summary>
    public const int MostDue = 500;

    /// <summary>How many lanes are looked at in one call, if few of them can be had.</summary>
    public const int MostSeen = 2000;

    /// <summary>
    /// Goes round all lanes, from the one after the last it gave. Claims take turns, so that no two wait for rows of each other; a row that
    /// is being changed is passed over, it comes with the next call. Of lanes whose first message is of a type that the sender does not
    /// take, one for each type is told, without a token. The last row has no lane: it says where the round goes on, and when something is
    /// due.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_head record;
          v_lane record;
          v_token bigint;
          v_attempts integer;
          v_at_lane text := p_after_lane;
          v_at_tenant text := p_after_tenant;
          v_wrapped boolean := p_after_lane = '';
          v_claimed integer := 0;
          v_seen integer := 0;
          v_others text[] := array[]::text[];
        begin
          perform pg_catalog.pg_advisory_xact_lock({LockHolders.Space}, pg_catalog.hashtext('{schema}.{MessageTables.Lanes}'));
          with due as (
            delete from {schema}.{MessageTables.Scheduled} s
            where s.id in (
              select d.id from {schema}.{MessageTables.Scheduled} d
              where d.due_at <= p_now
              order by d.due_at
              limit {MostDue}
              for update skip locked)
            returning s.*)
          insert into {schema}.{MessageTables.Messages}
            (id, tenant, lane, key, type, data, correlation_id, causation_id, user_name, headers, trace, published_at)
          select d.id, d.tenant, d.lane, d.key, d.type, d.data, d.correlation_id, d.causation_id, d.user_name, d.headers, d.trace,
                 d.published_at
          from due d
          order by d.due_at, d.id
          on conflict (id) do nothing;

          while v_claimed < p_lanes and v_seen < {MostSeen} loop
            select m.lane, m.tenant, m.id, m.type into v_head
            from {schema}.{MessageTables.Messages} m
            where (m.lane, m.tenant) > (v_at_lane, v_at_tenant)
            order by m.lane, m.tenant, m.number
            limit 1;
            if not found then
              exit when v_wrapped;
              v_wrapped := true;
              v_at_lane := '';
              v_at_tenant := '';
              continue;
            end if;

            exit when v_wrapped and p_after_lane <> '' and (v_head.lane, v_head.tenant) > (p_after_lane, p_after_tenant);
            v_seen := v_seen + 1;
            v_at_lane := v_head.lane;
            v_at_tenant := v_head.tenant;
            if not v_head.type = any(p_types) then
              if not v_head.type = any(v_others) then
                v_others := v_others || v_head.type;
                r_lane := v_head.lane;
                r_type := v_head.type;
                return next;
              end if;

              continue;
            end if;

            select l.message, l.attempts,
                   (l.leased_until is null or l.leased_until <= pg_catalog.clock_timestamp())
                     and (l.retry_at is null or l.retry_at <= pg_catalog.clock_timestamp()) as is_free
            into v_lane
            from {schema}.{MessageTables.Lanes} l
            where l.lane = v_head.lane and l.tenant = v_head.tenant
            for update skip locked;
            if found then
              continue when not v_lane.is_free;
              v_token := nextval('{schema}.{MessageTables.Tokens}');
              v_attempts := case when v_lane.message = v_head.id then v_lane.attempts else 0 end;
              update {schema}.{MessageTables.Lanes} l
              set owner = p_owner, token = v_token, leased_until = pg_catalog.clock_timestamp() + p_lease, retry_at = null
              where l.lane = v_head.lane and l.tenant = v_head.tenant;
            else
              v_token := nextval('{schema}.{MessageTables.Tokens}');
              v_attempts := 0;
              insert into {schema}.{MessageTables.Lanes} (lane, tenant, owner, token, leased_until)
              values (v_head.lane, v_head.tenant, p_owner, v_token, pg_catalog.clock_timestamp() + p_lease)
              on conflict do nothing;
              continue when not found;
            end if;

            return query
              select m.lane, m.tenant, v_token, case when m.id = v_head.id then v_attempts else 0 end, m.number, m.id, m.key, m.type,
                     m.data, m.correlation_id, m.causation_id, m.user_name, m.headers, m.trace, m.published_at,
                     null::timestamp with time zone, null::interval
              from {schema}.{MessageTables.Messages} m
              where m.lane = v_head.lane and m.tenant = v_head.tenant
              order by m.number
              limit p_messages;

            -- They were sent between the first look at them and the one at the lane.
            if not found then
              delete from {schema}.{MessageTables.Lanes} l where l.lane = v_head.lane and l.tenant = v_head.tenant;
            else
              v_claimed := v_claimed + 1;
            end if;
          end loop;

          r_lane := null;
          r_type := null;
          r_key := v_at_lane;
          r_tenant := v_at_tenant;
          select min(s.due_at) into r_next_due from {schema}.{MessageTables.Scheduled} s;
          select min(l.retry_at) - pg_catalog.clock_timestamp() into r_next_retry
          from {schema}.{MessageTables.Lanes} l
          where l.retry_at > pg_catalog.clock_timestamp();
          return next;
        end
        """;
}
