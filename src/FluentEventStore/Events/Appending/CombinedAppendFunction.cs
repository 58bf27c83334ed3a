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
        + "integer[], p_versions bigint[], "
        + "p_part_units integer[], p_part_streams integer[], p_aggregate_types text[], p_expected bigint[], p_part_counts integer[], "
        + "p_ahead integer[], "
        + "p_event_parts integer[], p_offsets integer[], p_ids uuid[], p_types text[], p_type_versions integer[], p_data jsonb[], "
        + "p_headers jsonb[], "
        + "p_lock_timeout integer";

    /// <summary>
    /// The positions of the written events, in their order. If all units were accepted, by stream its version after them. Else by part the
    /// version of its stream before, and by unit the SQLSTATE and the data of its refusal.
    /// </summary>
    public const string Returns = "TABLE(positions bigint[], versions bigint[], bases bigint[], sqlstates text[], hints text[])";

    // A name of a column that is also one of a result would be ambiguous.
    private const string UseColumns = "#variable_conflict use_column";

    /// <summary>
    /// Locks the streams of all units in one sorted pass: locking unit by unit would deadlock with other calls. First it takes all units as
    /// accepted, which is nearly always right and costs one statement. If one has to be refused, that is undone. Then the units are judged
    /// one after the other, in the order of their arrival, each against the versions that the ones before have left.
    /// </summary>
    /// <remarks>
    /// A unit costs little beside the rows that it writes, a call about 100 µs. So what needs no executor is an assignment, and nothing is
    /// sorted, joined or checked that the caller can sort and foresee: streams come in the order in which they are locked, and with the
    /// versions that they must have in the end, if all units expect certain ones. Rows come back as they went in; should they ever not,
    /// units are judged, with streams found by name.
    /// </remarks>
    public static string Body(SqlIdentifier schema) => $"""
        {UseColumns}
        declare
          v_keys bigint[];
          v_active boolean;
          v_met boolean := true;
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
              on conflict (tenant, id) do update
              set version = s.version + excluded.version,
                  aggregate_type = coalesce(s.aggregate_type, excluded.aggregate_type),
                  appended_at = excluded.appended_at
              returning s.key, s.tenant, s.id, s.version, s.state
            )
            select array_agg(w.key), array_agg(w.version), bool_and(w.state = {StreamStates.Active})
            into v_keys, versions, v_active
            from written w
            having array_agg(w.id) = p_streams and array_agg(w.tenant) = p_tenants;

            if p_versions is not null then
              v_met := versions = p_versions;
            elsif p_expected is not null then
              select not bool_or({AppendSql.IsRefused("u.expected", "(versions[u.stream] - u.ahead)")})
              into v_met
              from unnest(p_part_streams, p_expected, p_ahead) as u (stream, expected, ahead);
            end if;

            if (v_active and v_met) is not true then
              raise exception using errcode = '{SqlStates.Undo}';
            end if;

            {SettledPosition.Lock(schema)}
            {Insert(schema, "versions[p_part_streams[u.part]] - p_ahead[u.part]")};
          exception
            when sqlstate '{SqlStates.Undo}' or unique_violation then
              versions := null;
          end;

          if versions is null then
            select j.keys, j.bases, j.accepted, j.sqlstates, j.hints
            into v_keys, bases, v_accepted, sqlstates, hints
            from {schema}.{JudgeUnitsFunction.Name}(
              p_recorded_at, p_tenants, p_streams, p_part_units, p_part_streams, p_aggregate_types, p_expected, p_part_counts,
              p_event_parts, p_ids) as j;
            {SettledPosition.Lock(schema)}
            {Insert(schema, "bases[u.part]", "where v_accepted[p_part_units[u.part]]")};
          end if;

          return next;
        end
        """;

    // Positions are drawn in the order of the events.
    private static string Insert(SqlIdentifier schema, string @base, string condition = "") => $"""
        with written as (
          insert into {schema}.{EventTables.Events} (
            position, stream, version, id, type, type_version, recorded_at, data, correlation_id, causation_id, user_name, headers)
          select
            nextval('{schema}.{EventTables.Positions}'), v_keys[p_part_streams[u.part]], {@base} + u.ofs, u.id, u.type, u.type_version,
            p_recorded_at[p_part_units[u.part]], u.data, p_correlation_ids[p_part_units[u.part]], p_causation_ids[p_part_units[u.part]],
            p_user_names[p_part_units[u.part]], u.headers
          from unnest(p_event_parts, p_offsets, p_ids, p_types, p_type_versions, p_data, p_headers)
            as u (part, ofs, id, type, type_version, data, headers)
          {condition}
          returning position
        )
        select array_agg(w.position) into positions from written w
        """;
}
