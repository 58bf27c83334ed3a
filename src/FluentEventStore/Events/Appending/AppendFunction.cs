using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>
/// The functions in the database that append the events of one unit: one for any number of events, one for the usual single event.
/// </summary>
internal static class AppendFunction
{
    public const string Name = "append";
    public const string OneName = "append_one";
    public const string CausedName = "append_caused";

    public const string Arguments =
        "p_tenant text, p_streams text[], p_aggregate_types text[], p_expected bigint[], p_counts integer[], p_recorded_at timestamp with "
            + "time zone, "
        + "p_correlation_id text, p_causation_id text, p_user_name text, p_event_streams integer[], p_offsets integer[], p_ids uuid[], "
        + "p_types text[], p_type_versions integer[], p_data jsonb[], p_headers jsonb[]";

    /// <summary>As <see cref="Arguments"/>, and of each event what the unit does not say of all.</summary>
    public const string CausedArguments = Arguments + ", p_correlation_ids text[], p_causation_ids text[], p_user_names text[]";

    public const string OneArguments =
        "p_tenant text, p_stream text, p_aggregate_type text, p_expected bigint, p_recorded_at timestamp with time zone, "
        + "p_correlation_id text, p_causation_id text, p_user_name text, p_id uuid, p_type text, p_type_version integer, "
        + "p_data jsonb, p_headers jsonb";

    /// <summary>
    /// Appends the events of a unit: locks the streams in the order of their ids and moves their versions, checks what was expected, draws
    /// positions, inserts. Returns an array: the last position, then each stream's version before.
    /// </summary>
    public static string Body(SqlIdentifier schema) =>
        Body(schema, "p_correlation_id, p_causation_id, p_user_name", ofEvents: "", columns: "");

    /// <summary>As <see cref="Body(SqlIdentifier)"/>, for events of which each has a cause of its own.</summary>
    public static string CausedBody(SqlIdentifier schema) => Body(
        schema,
        "u.correlation_id, u.causation_id, u.user_name",
        ofEvents: ", p_correlation_ids, p_causation_ids, p_user_names",
        columns: ", correlation_id, causation_id, user_name");

    private static string Body(SqlIdentifier schema, string cause, string ofEvents, string columns) => $"""
        declare
          v_keys bigint[];
          v_bases bigint[];
          v_key bigint;
          v_base bigint;
          v_states smallint[];
          v_state smallint;
          v_refused integer;
        begin
          -- The upsert is lock, creation and new version in one. Most units have one stream, which is cheaper without the arrays.
          if cardinality(p_streams) = 1 then
            {Extend(schema, "p_streams[1]", "p_counts[1]", "p_aggregate_types[1]")}
            v_keys := array[v_key];
            v_bases := array[v_base];
            v_states := array[v_state];
            if v_state <> 0 or {AppendSql.IsRefused("p_expected[1]", "v_base")} then
              v_refused := 1;
            end if;
          else
            with written as (
              insert into {schema}.{EventTables.Streams} as s (tenant, id, version, aggregate_type, created_at, appended_at, state)
              select p_tenant, u.id, u.count, u.aggregate_type, p_recorded_at, p_recorded_at, 0
              from unnest(p_streams, p_aggregate_types, p_counts) as u (id, aggregate_type, count)
              order by u.id collate "C"
              on conflict (tenant, id) do update
              set version = s.version + excluded.version,
                  aggregate_type = coalesce(s.aggregate_type, excluded.aggregate_type),
                  appended_at = case when excluded.version > 0 then excluded.appended_at else s.appended_at end
              returning s.key, s.id, s.version, s.state
            ),
            judged as (
              select w.key, w.version - u.count as base, case when u.count > 0 then w.state else 0::smallint end as state, u.ordinal,
                     (w.state <> 0 and u.count > 0) or {AppendSql.IsRefused("u.expected", "(w.version - u.count)")} as is_refused
              from unnest(p_streams, p_counts, p_expected) with ordinality as u (id, count, expected, ordinal)
              join written w on w.id = u.id
            )
            select array_agg(j.key order by j.ordinal), array_agg(j.base order by j.ordinal), array_agg(j.state order by j.ordinal),
                   min(j.ordinal) filter (where j.is_refused)
            into v_keys, v_bases, v_states, v_refused
            from judged j;
          end if;

          if v_refused is not null then
            -- A unit that was committed before and is saved again finds the version that it moved itself.
            if {AppendSql.KnownIds(schema)} then
              perform {schema}.{RefuseFunction.Name}('{SqlStates.EventIdsKnown}', '{AppendSql.EmptyObject}');
            end if;
            {AppendSql.RefuseStream(schema, "p_streams[v_refused]", "v_bases[v_refused]", "v_states[v_refused]")}
          end if;

          {SettledPosition.Lock(schema)}

          insert into {schema}.{EventTables.Events} (
            position, stream, version, id, type, type_version, recorded_at, data, correlation_id, causation_id, user_name, headers)
          select
            nextval('{schema}.{EventTables.Positions}'), v_keys[u.stream], v_bases[u.stream] + u.ofs, u.id, u.type, u.type_version,
            p_recorded_at, u.data, {cause}, u.headers
          from unnest(p_event_streams, p_offsets, p_ids, p_types, p_type_versions, p_data, p_headers{ofEvents})
            as u (stream, ofs, id, type, type_version, data, headers{columns});
          return currval('{schema}.{EventTables.Positions}') || v_bases;
        end
        """;

    /// <summary>
    /// As <see cref="Body(SqlIdentifier)"/>, for one event of one stream. It takes plain values: for those, arrays cost client and server
    /// more than they carry.
    /// </summary>
    public static string OneBody(SqlIdentifier schema) => $"""
        declare
          v_key bigint;
          v_base bigint;
          v_state smallint;
        begin
          {Extend(schema, "p_stream", "1", "p_aggregate_type")}
          if v_state <> 0 or {AppendSql.IsRefused("p_expected", "v_base")} then
            if {AppendSql.KnownIds(schema, "array[p_id]")} then
              perform {schema}.{RefuseFunction.Name}('{SqlStates.EventIdsKnown}', '{AppendSql.EmptyObject}');
            end if;
            {AppendSql.RefuseStream(schema, "p_stream", "v_base", "v_state")}
          end if;

          {SettledPosition.Lock(schema)}

          insert into {schema}.{EventTables.Events} (
            position, stream, version, id, type, type_version, recorded_at, data, correlation_id, causation_id, user_name, headers)
          values (
            nextval('{schema}.{EventTables.Positions}'), v_key, v_base + 1, p_id, p_type, p_type_version, p_recorded_at, p_data,
            p_correlation_id, p_causation_id, p_user_name, p_headers);
          return array[currval('{schema}.{EventTables.Positions}'), v_base];
        end
        """;

    // Lock, creation and new version of a stream in one.
    private static string Extend(SqlIdentifier schema, string stream, string count, string aggregateType) => $"""
        insert into {schema}.{EventTables.Streams} as s (tenant, id, version, aggregate_type, created_at, appended_at, state)
        values (p_tenant, {stream}, {count}, {aggregateType}, p_recorded_at, p_recorded_at, 0)
        on conflict (tenant, id) do update
        set version = s.version + excluded.version,
            aggregate_type = coalesce(s.aggregate_type, excluded.aggregate_type),
            appended_at = excluded.appended_at
        returning s.key, s.version - {count}, s.state into v_key, v_base, v_state;
        """;
}
