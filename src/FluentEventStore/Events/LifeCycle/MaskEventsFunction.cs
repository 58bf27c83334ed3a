using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The function in the database that writes events anew.</summary>
internal static class MaskEventsFunction
{
    public const string Arguments = "p_positions bigint[], p_ids uuid[], p_types text[], p_type_versions integer[], p_data jsonb[]";

    /// <summary>
    /// Writes those events that are not as given already, and returns how many. An event that was removed or replaced meanwhile is left out: it is told by
    /// its id. Streams are locked in the order of their ids, as by everybody.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_stream bigint;
          v_streams bigint[] := array[]::bigint[];
        begin
          perform {Planning.ByKeys};

          perform s.key
          from {schema}.streams s
          where s.key = any (array(
            select e.stream
            from unnest(p_positions) as u (position)
            cross join lateral (
              select e.stream
              from {schema}.events e
              where e.position = u.position
              limit 1
            ) as e))
          order by s.tenant, s.id
          for update;

          {GuardFunction.Permit("'mask'")}
          for v_ordinal in 1 .. cardinality(p_positions) loop
            update {schema}.events e
            set type = p_types[v_ordinal],
                type_version = p_type_versions[v_ordinal],
                data = p_data[v_ordinal]
            where e.position = p_positions[v_ordinal]
              and e.id = p_ids[v_ordinal]
              and (e.type, e.type_version, e.data) is distinct from (p_types[v_ordinal], p_type_versions[v_ordinal], p_data[v_ordinal])
            returning e.stream into v_stream;
            if found then
              v_streams := v_streams || v_stream;
            end if;
          end loop;
          {GuardFunction.Forbid}

          update {schema}.streams set rewritten = rewritten + 1 where key = any (v_streams);
          {SnapshotsSchema.Forget(schema, "any (v_streams)")}

          insert into {schema}.audit (verb, tenant, stream, detail)
          select 'mask', s.tenant, s.id, jsonb_build_object('version', s.version, 'masked', m.masked)
          from (select u.key, count(*) as masked from unnest(v_streams) as u (key) group by u.key) as m
          cross join lateral (
            select s.tenant, s.id, s.version
            from {schema}.streams s
            where s.key = m.key
            limit 1
          ) as s
          order by s.tenant, s.id;
          return cardinality(v_streams);
        end
        """;
}
