using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The function in the database that appends many units in one transaction, each of them whole or not at all.</summary>
internal static class CombinedAppendFunction
{
    public const string Name = "append_units";

    /// <summary>The columns of <see cref="CombinedUnits"/>, in their order.</summary>
    public const string Arguments =
        "p_recorded_at timestamp with time zone[], p_correlation_ids text[], p_causation_ids text[], p_user_names text[], "
        + "p_tenants text[], p_streams text[], p_counts integer[], p_first_parts integer[], p_last_parts integer[], p_typed_parts "
        + "integer[], "
        + "p_part_units integer[], p_part_streams integer[], p_aggregate_types text[], p_expected bigint[], p_part_counts integer[], "
        + "p_before integer[], "
        + "p_event_parts integer[], p_offsets integer[], p_ids uuid[], p_types text[], p_type_versions integer[], p_data jsonb[], "
        + "p_headers jsonb[], "
        + "p_lock_timeout integer";

    /// <summary>
    /// The positions of the written events, in their order; per part, the version of its stream before; per unit, the SQLSTATE and the data
    /// of its refusal. Both are null if no unit was refused.
    /// </summary>
    public const string Returns = "TABLE(positions bigint[], bases bigint[], sqlstates text[], hints text[])";

    // A name of a column that is also one of a result would be ambiguous.
    private const string UseColumns = "#variable_conflict use_column";

    /// <summary>
    /// Locks the streams of all units in one sorted pass: locking unit by unit would deadlock with other calls. First it takes all units as
    /// accepted, which is nearly always right and costs one statement. If one has to be refused, that is undone. Then the units are judged
    /// one after the other, in the order of their arrival, each against the versions that the ones before have left.
    /// </summary>
    /// <remarks>
    /// A unit costs little beside the rows that it writes, a call about 200 µs. So what needs no executor is an assignment, and nothing is
    /// sorted or joined that the caller can sort. The caller sorts by UTF-16 and the server by its encoding. If streams come back in
    /// another order than they were sent in, units are judged too, with streams found by name.
    /// </remarks>
    public static string Body(SqlIdentifier schema) => $"""
        {UseColumns}
        declare
          v_keys bigint[];
          v_versions bigint[];
          v_states smallint[];
          v_accepted boolean[];
          v_setting text;
        begin
          v_setting := set_config('lock_timeout', p_lock_timeout::text, true);
          begin
            with written as (
              insert into {schema}.{EventTables.Streams} as s (tenant, id, version, aggregate_type, created_at, appended_at, state)
              select
                u.tenant, u.id, u.count, p_aggregate_types[u.typed_part], p_recorded_at[p_part_units[u.first_part]],
                p_recorded_at[p_part_units[u.last_part]], 0
              from unnest(p_tenants, p_streams, p_counts, p_first_parts, p_last_parts, p_typed_parts)
                as u (tenant, id, count, first_part, last_part, typed_part)
              order by u.tenant collate "C", u.id collate "C"
              on conflict (tenant, id) do update
              set version = s.version + excluded.version,
                  aggregate_type = coalesce(s.aggregate_type, excluded.aggregate_type),
                  appended_at = excluded.appended_at
              returning s.key, s.tenant, s.id, s.version, s.state
            )
            select array_agg(w.key), array_agg(w.version), array_agg(w.state)
            into v_keys, v_versions, v_states
            from written w
            having array_agg(w.id) = p_streams and array_agg(w.tenant) = p_tenants;

            select array_agg(j.base)
            into bases
            from (
              select v_versions[u.stream] - p_counts[u.stream] + u.before as base, v_states[u.stream] as state, u.expected
              from unnest(p_part_streams, p_expected, p_before) as u (stream, expected, before)
            ) as j
            having not bool_or(j.state <> 0 or {AppendSql.IsRefused("j.expected", "j.base")});

            if bases is null then
              raise exception using errcode = '{SqlStates.Undo}';
            end if;

            {SettledPosition.Lock(schema)}
            {Insert(schema)}
          exception
            when sqlstate '{SqlStates.Undo}' or unique_violation then
              bases := null;
          end;

          if bases is null then
            select j.keys, j.bases, j.accepted, j.sqlstates, j.hints
            into v_keys, bases, v_accepted, sqlstates, hints
            from {schema}.{JudgeUnitsFunction.Name}(
              p_recorded_at, p_tenants, p_streams, p_part_units, p_part_streams, p_aggregate_types, p_expected, p_part_counts,
              p_event_parts, p_ids) as j;
            {SettledPosition.Lock(schema)}
            {Insert(schema)}
          end if;

          return next;
        end
        """;

    // Positions are drawn in the order of the events.
    private static string Insert(SqlIdentifier schema) => $"""
        with written as (
          insert into {schema}.{EventTables.Events} (
            position, stream, version, id, type, type_version, recorded_at, data, correlation_id, causation_id, user_name, headers)
          select
            nextval('{schema}.{EventTables.Positions}'), v_keys[p_part_streams[u.part]], bases[u.part] + u.ofs, u.id, u.type,
            u.type_version,
            p_recorded_at[p_part_units[u.part]], u.data, p_correlation_ids[p_part_units[u.part]], p_causation_ids[p_part_units[u.part]],
            p_user_names[p_part_units[u.part]], u.headers
          from unnest(p_event_parts, p_offsets, p_ids, p_types, p_type_versions, p_data, p_headers)
            as u (part, ofs, id, type, type_version, data, headers)
          where v_accepted is null or v_accepted[p_part_units[u.part]]
          returning position
        )
        select array_agg(w.position) into positions from written w;
        """;
}
