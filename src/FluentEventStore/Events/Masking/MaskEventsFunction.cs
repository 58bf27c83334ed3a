using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that rewrites events.</summary>
internal static class MaskEventsFunction
{
    public const string Name = "mask_events";

    public const string Arguments =
        "p_positions bigint[], p_ids uuid[], p_types text[], p_type_versions integer[], p_data jsonb[], "
        + "p_gone_events integer[], p_gone_tags text[], p_given_events integer[], p_given_tags text[]";

    /// <summary>
    /// Rewrites those events that differ from what is given, with their tags, and returns how many. An event that was removed or replaced
    /// meanwhile, as its id tells, is left out. Tags are locked before streams, and both in their order, as everywhere.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_stream bigint;
          v_streams bigint[] := array[]::bigint[];
          v_masked integer[] := array[]::integer[];
          v_gone record;
        begin
          perform {Planning.ByKeys};

          insert into {schema}.{TagsSchema.TagHeads} as h (tenant, tag, position)
          select g.tenant, g.tag, 0
          from (
            select distinct s.tenant, u.tag
            from unnest(p_given_events, p_given_tags) as u (event, tag)
            join {schema}.{EventTables.Events} e on e.position = p_positions[u.event]
            join {schema}.{EventTables.Streams} s on s.key = e.stream
          ) as g
          order by g.tenant collate "C", g.tag collate "C"
          on conflict (tenant, tag) do update
          set position = h.position;

          perform s.key
          from {schema}.{EventTables.Streams} s
          where s.key = any (array(
            select e.stream
            from unnest(p_positions) as u (position)
            cross join lateral (
              select e.stream
              from {schema}.{EventTables.Events} e
              where e.position = u.position
              limit 1
            ) as e))
          order by s.tenant, s.id
          for update;

          {GuardFunction.Permit("'mask'")}
          for v_ordinal in 1 .. cardinality(p_positions) loop
            update {schema}.{EventTables.Events} e
            set type = p_types[v_ordinal],
                type_version = p_type_versions[v_ordinal],
                data = p_data[v_ordinal]
            where e.position = p_positions[v_ordinal]
              and e.id = p_ids[v_ordinal]
              and (e.type, e.type_version, e.data) is distinct from (p_types[v_ordinal], p_type_versions[v_ordinal], p_data[v_ordinal])
            returning e.stream into v_stream;
            if found then
              v_streams := v_streams || v_stream;
              v_masked := v_masked || v_ordinal;
            end if;
          end loop;
          {GuardFunction.Forbid}

          insert into {schema}.{EventTables.EventTags} (tenant, tag, position)
          select s.tenant, u.tag, e.position
          from unnest(p_given_events, p_given_tags) as u (event, tag)
          join {schema}.{EventTables.Events} e on e.position = p_positions[u.event]
          join {schema}.{EventTables.Streams} s on s.key = e.stream
          where u.event = any (v_masked)
          on conflict do nothing;

          for v_gone in
            with untagged as (
              delete from {schema}.{EventTables.EventTags} t
              using unnest(p_gone_events, p_gone_tags) as u (event, tag)
              where t.position = p_positions[u.event]
                and t.tag = u.tag
                and u.event = any (v_masked)
              returning t.tenant, t.tag
            )
            select u.tenant, array_agg(distinct u.tag) as tags from untagged u group by u.tenant
          loop
            perform {schema}.{TagFunctions.Forget}(v_gone.tenant, v_gone.tags);
          end loop;

          update {schema}.{EventTables.Streams} set rewritten = rewritten + 1 where key = any (v_streams);
          {SnapshotsSchema.Forget(schema, "v_streams")}

          insert into {schema}.{EventTables.Audit} (verb, tenant, stream, detail)
          select 'mask', s.tenant, s.id, jsonb_build_object('version', s.version, 'masked', m.masked)
          from (select u.key, count(*) as masked from unnest(v_streams) as u (key) group by u.key) as m
          cross join lateral (
            select s.tenant, s.id, s.version
            from {schema}.{EventTables.Streams} s
            where s.key = m.key
            limit 1
          ) as s
          order by s.tenant, s.id;
          return cardinality(v_streams);
        end
        """;
}
