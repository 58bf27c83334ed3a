using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that judges units of which at least one has to be refused, one after the other.</summary>
internal static class JudgeUnitsFunction
{
    public const string Arguments =
        "p_tenants text[], p_recorded_at timestamp with time zone[], p_stream_units integer[], p_streams text[], p_aggregate_types text[], "
        + "p_expected bigint[], p_counts integer[], p_event_streams integer[], p_ids uuid[]";

    public const string Returns = "TABLE(keys bigint[], bases bigint[], accepted boolean[], sqlstates text[], hints text[])";

    /// <summary>
    /// Locks all streams, in the order of their ids; then, for each unit in its order, looks at its ids, at the states of its streams and at their
    /// versions, which the accepted units before it have moved; at last moves the versions.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        #variable_conflict use_column
        declare
          v_keys bigint[];
          v_versions bigint[];
          v_states smallint[];
          v_numbers integer[];
          v_known integer[];
          v_twins integer[];
          v_bases bigint[] := array_fill(0::bigint, array[cardinality(p_streams)]);
          v_accepted boolean[] := array_fill(false, array[cardinality(p_tenants)]);
          v_sqlstates text[] := array_fill(null::text, array[cardinality(p_tenants)]);
          v_hints text[] := array_fill(null::text, array[cardinality(p_tenants)]);
          v_entry integer := 1;
          v_first integer;
          v_base bigint;
          v_sqlstate text;
          v_hint text;
        begin
          {FunctionSchema.PlanByKeys}

          with wanted as (
            select p_tenants[u.unit] as tenant, u.id, p_recorded_at[u.unit] as recorded_at, u.ordinal
            from unnest(p_stream_units, p_streams) with ordinality as u (unit, id, ordinal)
          ),
          locked as (
            insert into {schema}.streams as s (tenant, id, version, created_at, appended_at, state)
            select w.tenant, w.id, 0, min(w.recorded_at), min(w.recorded_at), 0
            from wanted w
            group by w.tenant, w.id
            order by w.tenant collate "C", w.id collate "C"
            on conflict (tenant, id) do update
            set version = s.version
            returning s.key, s.tenant, s.id, s.version, s.state
          ),
          found as (
            select l.key, l.version, l.state, w.ordinal, (dense_rank() over (order by l.key))::integer as number
            from wanted w
            join locked l on l.tenant = w.tenant and l.id = w.id
          )
          select array_agg(f.key order by f.ordinal), array_agg(f.state order by f.ordinal), array_agg(f.number order by f.ordinal),
                 (select array_agg(d.version order by d.number) from (select distinct n.number, n.version from found n) as d)
          into v_keys, v_states, v_numbers, v_versions
          from found f;

          select coalesce(array_agg(distinct p_stream_units[u.stream]), array[]::integer[])
          into v_known
          from unnest(p_event_streams, p_ids) as u (stream, id)
          where {AppendSql.IsKnown(schema)};

          -- Per unit: the first unit that has one of its ids too, which may be itself.
          select array_agg(t.twin order by t.unit)
          into v_twins
          from (
            select i.unit, min(i.twin) filter (where i.twin is not null) as twin
            from (
              select p_stream_units[u.stream] as unit,
                     lag(p_stream_units[u.stream]) over (partition by u.id order by u.ordinal) as twin
              from unnest(p_event_streams, p_ids) with ordinality as u (stream, id, ordinal)
            ) as i
            group by i.unit
          ) as t;

          for v_unit in 1 .. cardinality(p_tenants) loop
            v_sqlstate := null;
            v_first := v_entry;
            if v_unit = any (v_known) or v_twins[v_unit] = v_unit or v_accepted[v_twins[v_unit]] then
              v_sqlstate := '{SqlStates.EventIdsKnown}';
              v_hint := '{AppendSql.EmptyObject}';
            end if;

            while v_entry <= cardinality(p_streams) and p_stream_units[v_entry] = v_unit loop
              v_base := v_versions[v_numbers[v_entry]];
              v_bases[v_entry] := v_base;
              if v_sqlstate is null and v_states[v_entry] <> 0 then
                v_sqlstate := '{SqlStates.StreamNotActive}';
                v_hint := {AppendSql.RefusalData("p_streams[v_entry]", "v_base", "v_states[v_entry]")};
              elsif v_sqlstate is null and {AppendSql.IsRefused("p_expected[v_entry]", "v_base")} then
                v_sqlstate := '{SqlStates.StreamVersionConflict}';
                v_hint := {AppendSql.RefusalData("p_streams[v_entry]", "v_base", "0")};
              end if;
              v_entry := v_entry + 1;
            end loop;

            if v_sqlstate is null then
              v_accepted[v_unit] := true;
              for v_moved in v_first .. v_entry - 1 loop
                v_versions[v_numbers[v_moved]] := v_versions[v_numbers[v_moved]] + p_counts[v_moved];
              end loop;
            else
              v_sqlstates[v_unit] := v_sqlstate;
              v_hints[v_unit] := v_hint;
            end if;
          end loop;

          update {schema}.streams s
          set version = w.version,
              aggregate_type = coalesce(s.aggregate_type, w.aggregate_type),
              created_at = case when s.version = 0 then w.created_at else s.created_at end,
              appended_at = w.appended_at
          from (
            select v_keys[u.ordinal] as key, max(v_bases[u.ordinal] + u.count) as version,
                   (array_agg(u.aggregate_type order by u.ordinal) filter (where u.aggregate_type is not null))[1] as aggregate_type,
                   (array_agg(p_recorded_at[u.unit] order by u.ordinal))[1] as created_at,
                   (array_agg(p_recorded_at[u.unit] order by u.ordinal desc))[1] as appended_at
            from unnest(p_stream_units, p_aggregate_types, p_counts) with ordinality as u (unit, aggregate_type, count, ordinal)
            where v_accepted[u.unit]
            group by 1
          ) as w
          where s.key = w.key;

          -- Streams that only refused units would have started.
          if exists (select from {schema}.streams s where s.key = any (v_keys) and s.version = 0 and s.state = 0) then
            {GuardFunction.Permit("'unborn'")}
            delete from {schema}.streams where key = any (v_keys) and version = 0 and state = 0;
            {GuardFunction.Forbid}
          end if;

          return query select v_keys, v_bases, v_accepted, v_sqlstates, v_hints;
        end
        """;
}
