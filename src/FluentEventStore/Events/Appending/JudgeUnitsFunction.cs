using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that judges units one after the other if at least one has to be refused.</summary>
internal static class JudgeUnitsFunction
{
    public const string Name = "judge_units";

    public const string Arguments =
        "p_recorded_at timestamp with time zone[], p_tenants text[], p_streams text[], p_part_units integer[], p_part_streams integer[], "
        + "p_aggregate_types text[], p_expected bigint[], p_part_counts integer[], p_event_parts integer[], p_ids uuid[]";

    /// <summary>By stream its key, by part the version before; by unit whether it is accepted, or why it is not.</summary>
    public const string Returns = "TABLE(keys bigint[], bases bigint[], accepted boolean[], sqlstates text[], hints text[])";

    /// <summary>
    /// Locks all streams, in the order of their ids. Then checks unit by unit, in their order: the ids of its events, and the states and
    /// versions of its streams, as the accepted units before have moved them. At last moves the versions.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        #variable_conflict use_column
        declare
          v_keys bigint[];
          v_versions bigint[];
          v_states smallint[];
          v_known integer[];
          v_twins integer[];
          v_bases bigint[] := array_fill(0::bigint, array[cardinality(p_part_units)]);
          v_accepted boolean[] := array_fill(false, array[cardinality(p_recorded_at)]);
          v_sqlstates text[] := array_fill(null::text, array[cardinality(p_recorded_at)]);
          v_hints text[] := array_fill(null::text, array[cardinality(p_recorded_at)]);
          v_part integer := 1;
          v_first integer;
          v_stream integer;
          v_base bigint;
          v_sqlstate text;
          v_hint text;
        begin
          perform {Planning.ByKeys};

          with locked as (
            insert into {schema}.{EventTables.Streams} as s (tenant, id, version, created_at, appended_at, state)
            select u.tenant, u.id, 0, p_recorded_at[1], p_recorded_at[1], 0
            from unnest(p_tenants, p_streams) as u (tenant, id)
            order by u.tenant collate "C", u.id collate "C"
            on conflict (tenant, id) do update
            set version = s.version
            returning s.key, s.tenant, s.id, s.version, s.state
          )
          select array_agg(l.key order by u.ordinal), array_agg(l.version order by u.ordinal), array_agg(l.state order by u.ordinal)
          into v_keys, v_versions, v_states
          from unnest(p_tenants, p_streams) with ordinality as u (tenant, id, ordinal)
          join locked l on l.tenant = u.tenant and l.id = u.id;

          select coalesce(array_agg(distinct p_part_units[u.part]), array[]::integer[])
          into v_known
          from unnest(p_event_parts, p_ids) as u (part, id)
          where {AppendSql.IsKnown(schema)};

          -- Per unit: the first unit with one of its ids, which may be itself.
          select array_agg(t.twin order by t.unit)
          into v_twins
          from (
            select i.unit, min(i.twin) filter (where i.twin is not null) as twin
            from (
              select p_part_units[u.part] as unit,
                     lag(p_part_units[u.part]) over (partition by u.id order by u.ordinal) as twin
              from unnest(p_event_parts, p_ids) with ordinality as u (part, id, ordinal)
            ) as i
            group by i.unit
          ) as t;

          for v_unit in 1 .. cardinality(p_recorded_at) loop
            v_sqlstate := null;
            v_first := v_part;
            if v_unit = any (v_known) or v_twins[v_unit] = v_unit or v_accepted[v_twins[v_unit]] then
              v_sqlstate := '{SqlStates.EventIdsKnown}';
              v_hint := '{AppendSql.EmptyObject}';
            end if;

            while v_part <= cardinality(p_part_units) and p_part_units[v_part] = v_unit loop
              v_stream := p_part_streams[v_part];
              v_base := v_versions[v_stream];
              v_bases[v_part] := v_base;
              if v_sqlstate is null and v_states[v_stream] <> 0 then
                v_sqlstate := '{SqlStates.StreamNotActive}';
                v_hint := {AppendSql.RefusalData("p_streams[v_stream]", "v_base", "v_states[v_stream]")};
              elsif v_sqlstate is null and {AppendSql.IsRefused("p_expected[v_part]", "v_base")} then
                v_sqlstate := '{SqlStates.StreamVersionConflict}';
                v_hint := {AppendSql.RefusalData("p_streams[v_stream]", "v_base", "0")};
              end if;
              v_part := v_part + 1;
            end loop;

            if v_sqlstate is null then
              v_accepted[v_unit] := true;
              for v_moved in v_first .. v_part - 1 loop
                v_stream := p_part_streams[v_moved];
                v_versions[v_stream] := v_versions[v_stream] + p_part_counts[v_moved];
              end loop;
            else
              v_sqlstates[v_unit] := v_sqlstate;
              v_hints[v_unit] := v_hint;
            end if;
          end loop;

          update {schema}.{EventTables.Streams} s
          set version = w.version,
              aggregate_type = coalesce(s.aggregate_type, w.aggregate_type),
              created_at = case when s.version = 0 then w.created_at else s.created_at end,
              appended_at = w.appended_at
          from (
            select v_keys[u.stream] as key, max(v_bases[u.ordinal] + u.count) as version,
                   (
                     array_agg(p_aggregate_types[u.ordinal] order by u.ordinal) filter (where p_aggregate_types[u.ordinal] is not null)
                   )[1] as aggregate_type,
                   (array_agg(p_recorded_at[u.unit] order by u.ordinal))[1] as created_at,
                   (array_agg(p_recorded_at[u.unit] order by u.ordinal desc))[1] as appended_at
            from unnest(p_part_units, p_part_streams, p_part_counts) with ordinality as u (unit, stream, count, ordinal)
            where v_accepted[u.unit]
            group by u.stream
          ) as w
          where s.key = w.key;

          -- Streams that only refused units would have started.
          if exists (select from {schema}.{EventTables.Streams} s where s.key = any (v_keys) and s.version = 0 and s.state = 0) then
            {GuardFunction.Permit("'unborn'")}
            delete from {schema}.{EventTables.Streams} where key = any (v_keys) and version = 0 and state = 0;
            {GuardFunction.Forbid}
          end if;

          return query select v_keys, v_bases, v_accepted, v_sqlstates, v_hints;
        end
        """;
}
