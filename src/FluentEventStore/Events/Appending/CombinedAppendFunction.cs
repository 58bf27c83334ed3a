using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The function in the database that appends the events of many units in one transaction, each of them whole or not at all.</summary>
internal static class CombinedAppendFunction
{
    public const string Arguments =
        "p_tenants text[], p_recorded_at timestamp with time zone[], p_correlation_ids text[], p_causation_ids text[], p_user_names text[], "
        + "p_stream_units integer[], p_streams text[], p_aggregate_types text[], p_expected bigint[], p_counts integer[], "
        + "p_event_streams integer[], p_offsets integer[], p_ids uuid[], p_types text[], p_type_versions integer[], p_data jsonb[], p_headers jsonb[], p_lock_timeout integer";

    /// <summary>
    /// The positions of the events that were written, in their order; per stream of a unit its version before; per unit the SQLSTATE of its refusal and
    /// the data of it, both null where no unit was refused.
    /// </summary>
    public const string Returns = "TABLE(positions bigint[], bases bigint[], sqlstates text[], hints text[])";

    // A name of a column that is also one of a result would be ambiguous.
    private const string UseColumns = "#variable_conflict use_column";

    /// <summary>
    /// Locks the union of all streams in one sorted pass: units that were locked one after the other would deadlock with other calls. First all units
    /// are taken as accepted, which is right nearly always and costs one statement; where one has to be refused, that is undone, and they are judged
    /// one after the other, in the order of their arrival, against the versions that those before have left.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        {UseColumns}
        declare
          v_keys bigint[];
          v_bases bigint[];
          v_accepted boolean[];
          v_positions bigint[];
          v_sqlstates text[];
          v_hints text[];
        begin
          perform set_config('lock_timeout', p_lock_timeout::text, true);
          begin
            with wanted as (
              select p_tenants[u.unit] as tenant, u.id, u.count, u.aggregate_type, u.expected, p_recorded_at[u.unit] as recorded_at, u.ordinal
              from unnest(p_stream_units, p_streams, p_aggregate_types, p_expected, p_counts) with ordinality
                as u (unit, id, aggregate_type, expected, count, ordinal)
            ),
            written as (
              insert into {schema}.streams as s (tenant, id, version, aggregate_type, created_at, appended_at, state)
              select w.tenant, w.id, sum(w.count), {First("w.aggregate_type")}, {First("w.recorded_at")}, {Last("w.recorded_at")}, 0
              from wanted w
              group by w.tenant, w.id
              order by w.tenant collate "C", w.id collate "C"
              on conflict (tenant, id) do update
              set version = s.version + excluded.version,
                  aggregate_type = coalesce(s.aggregate_type, excluded.aggregate_type),
                  appended_at = excluded.appended_at
              returning s.key, s.tenant, s.id, s.version, s.state
            ),
            judged as (
              select s.key, s.state, w.expected, w.ordinal,
                     s.version - sum(w.count) over (partition by s.key order by w.ordinal rows between current row and unbounded following) as base
              from wanted w
              join written s on s.tenant = w.tenant and s.id = w.id
            )
            select array_agg(j.key order by j.ordinal), array_agg(j.base order by j.ordinal)
            into v_keys, v_bases
            from judged j
            having not bool_or(j.state <> 0 or {AppendSql.IsRefused("j.expected", "j.base")});

            if v_keys is null then
              raise exception using errcode = '{SqlStates.Undo}';
            end if;

            {SettledPosition.Lock(schema)}
            {Insert(schema)}
          exception
            when sqlstate '{SqlStates.Undo}' or unique_violation then
              v_keys := null;
          end;

          if v_keys is null then
            select j.keys, j.bases, j.accepted, j.sqlstates, j.hints
            into v_keys, v_bases, v_accepted, v_sqlstates, v_hints
            from {schema}.judge_units(
              p_tenants, p_recorded_at, p_stream_units, p_streams, p_aggregate_types, p_expected, p_counts, p_event_streams, p_ids) as j;
            {SettledPosition.Lock(schema)}
            {Insert(schema)}
          end if;

          return query select v_positions, v_bases, v_sqlstates, v_hints;
        end
        """;

    // Positions ascend in the order of the events, for they are drawn in it.
    private static string Insert(SqlIdentifier schema) => $"""
        with written as (
          insert into {schema}.events (
            position, stream, version, id, type, type_version, recorded_at, data, correlation_id, causation_id, user_name, headers, archived)
          select
            nextval('{schema}.positions'), v_keys[u.stream], v_bases[u.stream] + u.ofs, u.id, u.type, u.type_version,
            p_recorded_at[p_stream_units[u.stream]], u.data, p_correlation_ids[p_stream_units[u.stream]], p_causation_ids[p_stream_units[u.stream]],
            p_user_names[p_stream_units[u.stream]], u.headers, false
          from unnest(p_event_streams, p_offsets, p_ids, p_types, p_type_versions, p_data, p_headers)
            as u (stream, ofs, id, type, type_version, data, headers)
          where v_accepted is null or v_accepted[p_stream_units[u.stream]]
          returning position
        )
        select array_agg(w.position order by w.position) into v_positions from written w;
        """;

    private static string First(string column) => $"(array_agg({column} order by w.ordinal) filter (where {column} is not null))[1]";

    private static string Last(string column) => $"(array_agg({column} order by w.ordinal desc))[1]";
}
