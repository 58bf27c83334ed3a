using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>
/// The parts of the import's function that write links. A link whose event is not in the store leads nowhere: its row names its own
/// position, which no event has. The row keeps the version of the link. It leads to the event once the same link is imported again after
/// the event.
/// </summary>
internal static class ImportedLinks
{
    /// <summary>Declares what <see cref="Insert"/> uses.</summary>
    public const string Variables = """
        v_ordinals integer[];
          v_targets bigint[];
          v_linked bigint[];
        """;

    /// <summary>Finds the links that are there already and lead nowhere.</summary>
    public static string FindWaiting(SqlIdentifier schema) => $"""
        v_waiting := array(
              select i.ordinal
              from pg_temp.fes_import i
              cross join lateral (
                select l.position, l.event_position, l.event_id
                from {schema}.{LinksSchema.Links} l
                where l.stream = v_keys[i.stream]
                  and l.version = i.version
                limit 1
              ) as l
              where i.type is null
                and i.version <= v_bases[i.stream]
                and i.version >= v_truncated[i.stream]
                and l.event_position = l.position
                and l.event_id = i.id);
        """;

    /// <summary>
    /// Writes the links, after the events. A stream leads to an event once: the later link replaces an earlier one, which may have been
    /// scrubbed in the exported store and not here.
    /// </summary>
    public static string Insert(SqlIdentifier schema) => $"""
        if exists (select from pg_temp.fes_import i where i.type is null) then
            perform {Planning.ByKeys};
            select array_agg(f.ordinal), array_agg(f.position)
            into v_ordinals, v_targets
            from (
              select i.ordinal, e.position, row_number() over (partition by i.stream, e.position order by i.version desc) as place
              from pg_temp.fes_import i
              cross join lateral (
                select e.position, e.stream
                from {schema}.{EventTables.Events} e
                where e.id = i.id
                limit 1
              ) as e
              cross join lateral (
                select o.tenant
                from {schema}.{EventTables.Streams} o
                where o.key = e.stream
                limit 1
              ) as o
              where i.type is null
                and o.tenant = p_tenants[i.stream]
                and e.stream <> v_keys[i.stream]
                and not (i.ordinal = any (v_waiting) and exists (
                  select from {schema}.{LinksSchema.Links} l where l.stream = v_keys[i.stream] and l.event_position = e.position))
            ) as f
            where f.place = 1;

            if exists (
                select
                from pg_temp.fes_import i
                join unnest(v_ordinals, v_targets) as u (ordinal, position) on u.ordinal = i.ordinal
                where i.ordinal = any (v_waiting)
                  or exists (
                      select
                      from {schema}.{LinksSchema.Links} l
                      where l.stream = v_keys[i.stream] and l.event_position = u.position)) then
              {GuardFunction.Permit("'link'")}
              with moved as (
                delete from {schema}.{LinksSchema.Links} l
                using (
                  select v_keys[i.stream] as stream, k.version, k.event_position
                  from pg_temp.fes_import i
                  join unnest(v_ordinals, v_targets) as u (ordinal, position) on u.ordinal = i.ordinal
                  cross join lateral (
                    select k.version, k.position as event_position
                    from {schema}.{LinksSchema.Links} k
                    where k.stream = v_keys[i.stream]
                      and k.event_position = u.position
                    union all
                    select i.version, u.position
                    where i.ordinal = any (v_waiting)
                  ) as k
                ) as m
                where l.stream = m.stream
                  and l.version = m.version
                returning l.stream, l.version, l.position, m.event_position, l.event_id, l.recorded_at
              )
              insert into {schema}.{LinksSchema.Links} (stream, version, position, event_position, event_id, recorded_at)
              select m.stream, m.version, m.position, m.event_position, m.event_id, m.recorded_at
              from moved m;
              {GuardFunction.Forbid}
            end if;

            insert into {schema}.{LinksSchema.Links} (stream, version, position, event_position, event_id, recorded_at)
            select v_keys[i.stream], i.version, v_positions[i.ordinal], coalesce(u.position, v_positions[i.ordinal]), i.id, i.recorded_at
            from pg_temp.fes_import i
            left join unnest(v_ordinals, v_targets) as u (ordinal, position) on u.ordinal = i.ordinal
            where i.type is null
              and not (i.ordinal = any (v_waiting))
            order by i.ordinal;

            -- Linked events can change without a change of the stream: no state is kept of a stream with links.
            v_linked := array(
              select s.key
              from {schema}.{EventTables.Streams} s
              where s.key in (select v_keys[i.stream] from pg_temp.fes_import i where i.type is null)
                and not s.linked);
            if cardinality(v_linked) > 0 then
              update {schema}.{EventTables.Streams} set linked = true where key = any (v_linked);
              {SnapshotsSchema.Forget(schema, "v_linked")}
            end if;
          end if;
        """;
}
