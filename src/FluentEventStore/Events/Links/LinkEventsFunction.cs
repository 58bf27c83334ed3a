using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that links events to streams.</summary>
internal static class LinkEventsFunction
{
    public const string Name = "link_events";

    public const string Arguments = "p_tenant text, p_streams text[], p_ids uuid[], p_recorded_at timestamp with time zone";

    /// <summary>
    /// Gives each link the next version of its stream, in the order of the links, and a position of the log. The caller has locked the
    /// streams. The unit's own events come before its links.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_positions bigint[];
          v_keys bigint[];
          v_versions bigint[];
          v_linked bigint[];
          v_fault record;
        begin
          select array_agg(e.position order by u.ordinal), array_agg(s.key order by u.ordinal), array_agg(s.version order by u.ordinal)
          into v_positions, v_keys, v_versions
          from unnest(p_streams, p_ids) with ordinality as u (stream, id, ordinal)
          left join lateral (
            select e.position
            from {schema}.{EventTables.Events} e
            join {schema}.{EventTables.Streams} o on o.key = e.stream and o.tenant = p_tenant
            where e.id = u.id
            limit 1
          ) as e on true
          left join lateral (
            select s.key, s.version from {schema}.{EventTables.Streams} s where s.tenant = p_tenant and s.id = u.stream limit 1
          ) as s on true;

          -- Each look-up is by a key, and one sort finds what the unit links twice: the cost of a link does not grow with their number.
          select l.stream, l.id,
                 case when l.position is null then {(int)LinkFault.EventMissing}
                      when l.is_own then {(int)LinkFault.OwnEvent}
                      else {(int)LinkFault.LinkedAlready}
                 end as fault
          into v_fault
          from (
            select u.stream, u.id, u.position, u.ordinal,
                   (select e.stream from {schema}.{EventTables.Events} e where e.position = u.position limit 1) = u.key as is_own,
                   (
                     select coalesce(k.event_id = u.id, true)
                     from {schema}.{LinksSchema.Links} k
                     where k.stream = u.key and k.event_position = u.position
                     limit 1
                   ) as is_linked,
                   row_number() over (partition by u.key, u.position order by u.ordinal) > 1 as is_repeated
            from unnest(p_streams, p_ids, v_keys, v_positions) with ordinality as u (stream, id, key, position, ordinal)
          ) as l
          where l.position is null or l.is_own or l.is_linked or l.is_repeated
          order by l.ordinal
          limit 1;
          if found then
            perform {schema}.{RefuseFunction.Name}(
              '{SqlStates.LinkRefused}',
              jsonb_build_object('stream', v_fault.stream, 'id', v_fault.id, 'fault', v_fault.fault));
          end if;

          -- A link to an event that a compaction has replaced leads nowhere. It makes room for one to the replacement, which has the same
          -- position, and keeps its version.
          if exists (
              select
              from unnest(v_keys, v_positions, p_ids) as u (key, position, id)
              where (
                select k.event_id <> u.id
                from {schema}.{LinksSchema.Links} k
                where k.stream = u.key and k.event_position = u.position
                limit 1)) then
            {GuardFunction.Permit("'link'")}
            with freed as (
              delete from {schema}.{LinksSchema.Links} k
              using unnest(v_keys, v_positions) as u (key, position)
              where k.stream = u.key and k.event_position = u.position
              returning k.stream, k.version, k.position, k.event_id, k.recorded_at
            )
            insert into {schema}.{LinksSchema.Links} (stream, version, position, event_position, event_id, recorded_at)
            select f.stream, f.version, f.position, f.position, f.event_id, f.recorded_at
            from freed f;
            {GuardFunction.Forbid}
          end if;

          {SettledPosition.Lock(schema)}

          insert into {schema}.{LinksSchema.Links} (stream, version, position, event_position, event_id, recorded_at)
          select
            u.key, u.version + row_number() over (partition by u.key order by u.ordinal), nextval('{schema}.{EventTables.Positions}'),
            u.position, u.id, p_recorded_at
          from unnest(v_keys, v_versions, v_positions, p_ids) with ordinality as u (key, version, position, id, ordinal)
          order by u.ordinal;

          -- Linked events can change without a change of the stream: no state is kept of a stream with links.
          v_linked := array(select s.key from {schema}.{EventTables.Streams} s where s.key = any (v_keys) and not s.linked);

          update {schema}.{EventTables.Streams} s
          set version = s.version + counted.links,
              linked = true,
              appended_at = p_recorded_at
          from (select u.key, count(*) as links from unnest(v_keys) as u (key) group by u.key) as counted
          where s.key = counted.key;

          if cardinality(v_linked) > 0 then
            perform {Planning.ByKeys};
            {SnapshotsSchema.Forget(schema, "v_linked")}
          end if;
        end
        """;
}
