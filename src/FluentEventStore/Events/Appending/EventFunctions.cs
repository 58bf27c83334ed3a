using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The bodies of the functions in the database that append events.</summary>
internal static class EventFunctions
{
    /// <summary>Fails the transaction with an SQLSTATE of the store and its data.</summary>
    public const string RefuseArguments = "p_sqlstate text, p_data jsonb";
    public const string RefuseBody = """
        begin
          raise exception 'refused by the event store' using errcode = p_sqlstate, hint = p_data::text;
        end
        """;

    public const string AppendArguments =
        "p_tenant text, p_streams text[], p_aggregate_types text[], p_expected bigint[], p_counts integer[], p_recorded_at timestamp with time zone, "
        + "p_correlation_id text, p_causation_id text, p_user_name text, p_event_streams integer[], p_offsets integer[], p_ids uuid[], "
        + "p_types text[], p_type_versions integer[], p_data jsonb[], p_headers jsonb[]";

    public const string LockStreamsArguments =
        "p_tenant text, p_streams text[], p_expected bigint[], p_folded bigint[], p_recorded_at timestamp with time zone, p_ids uuid[]";

    /// <summary>
    /// Appends the events of a unit: locks the streams in the order of their ids and moves their versions, checks what was expected, draws positions,
    /// inserts. Returns an array: the last position, then each stream's version before.
    /// </summary>
    public static string AppendBody(SqlIdentifier schema) => $"""
        declare
          v_keys bigint[];
          v_bases bigint[];
          v_key bigint;
          v_base bigint;
          v_conflict_stream text;
          v_conflict_version bigint;
        begin
          -- The upsert is lock, creation and new version in one. One stream is by far the most frequent case, and cheaper without the arrays.
          if cardinality(p_streams) = 1 then
            insert into {schema}.streams as s (tenant, id, version, aggregate_type, created_at, appended_at, state)
            values (p_tenant, p_streams[1], p_counts[1], p_aggregate_types[1], p_recorded_at, p_recorded_at, 0)
            on conflict (tenant, id) do update
            set version = s.version + excluded.version,
                aggregate_type = coalesce(s.aggregate_type, excluded.aggregate_type),
                appended_at = excluded.appended_at
            returning s.key, s.version - p_counts[1] into v_key, v_base;
            v_keys := array[v_key];
            v_bases := array[v_base];
            if (p_expected[1] >= 0 and p_expected[1] <> v_base) or (p_expected[1] = -1 and v_base = 0) then
              v_conflict_stream := p_streams[1];
              v_conflict_version := v_base;
            end if;
          else
            with written as (
              insert into {schema}.streams as s (tenant, id, version, aggregate_type, created_at, appended_at, state)
              select p_tenant, u.id, u.count, u.aggregate_type, p_recorded_at, p_recorded_at, 0
              from unnest(p_streams, p_aggregate_types, p_counts) as u (id, aggregate_type, count)
              order by u.id collate "C"
              on conflict (tenant, id) do update
              set version = s.version + excluded.version,
                  aggregate_type = coalesce(s.aggregate_type, excluded.aggregate_type),
                  appended_at = excluded.appended_at
              returning s.key, s.id, s.version
            )
            select array_agg(w.key order by u.ordinal), array_agg(w.version - u.count order by u.ordinal)
            into v_keys, v_bases
            from unnest(p_streams, p_counts) with ordinality as u (id, count, ordinal)
            join written w on w.id = u.id;

            if -2 <> any (p_expected) then
              select u.id, u.base
              into v_conflict_stream, v_conflict_version
              from unnest(p_streams, p_expected, v_bases) as u (id, expected, base)
              where (u.expected >= 0 and u.expected <> u.base) or (u.expected = -1 and u.base = 0)
              limit 1;
            end if;
          end if;

          if v_conflict_stream is not null then
            -- A unit that was committed before and is saved again has moved the version itself.
            if {KnownIds(schema)} then
              perform {schema}.refuse('{SqlStates.EventIdsKnown}', '{EmptyObject}');
            end if;
            perform {schema}.refuse('{SqlStates.StreamVersionConflict}', jsonb_build_object('stream', v_conflict_stream, 'actual', v_conflict_version));
          end if;

          -- Readers stay below the position that is locked here until this transaction ends.
          {SettledPosition.Lock(schema)}

          insert into {schema}.events (
            position, stream, version, id, type, type_version, recorded_at, data, correlation_id, causation_id, user_name, headers, archived)
          select
            nextval('{schema}.positions'), v_keys[u.stream], v_bases[u.stream] + u.ofs, u.id, u.type, u.type_version, p_recorded_at, u.data,
            p_correlation_id, p_causation_id, p_user_name, u.headers, false
          from unnest(p_event_streams, p_offsets, p_ids, p_types, p_type_versions, p_data, p_headers)
            as u (stream, ofs, id, type, type_version, data, headers);
          return currval('{schema}.positions') || v_bases;
        end
        """;

    /// <summary>
    /// Locks the streams of a unit that changes documents too, in the order of their ids, and makes all checks that come before the documents: known
    /// event ids, expected versions, the versions that inline views were folded up to.
    /// </summary>
    public static string LockStreamsBody(SqlIdentifier schema) => $"""
        declare
          v_versions bigint[];
          v_conflict record;
        begin
          with locked as (
            insert into {schema}.streams as s (tenant, id, version, created_at, appended_at, state)
            select p_tenant, u.id, 0, p_recorded_at, p_recorded_at, 0
            from unnest(p_streams) as u (id)
            order by u.id collate "C"
            on conflict (tenant, id) do update
            set version = s.version
            returning s.id, s.version
          )
          select array_agg(l.version order by u.ordinal)
          into v_versions
          from unnest(p_streams) with ordinality as u (id, ordinal)
          join locked l on l.id = u.id;

          if {KnownIds(schema)} then
            perform {schema}.refuse('{SqlStates.EventIdsKnown}', '{EmptyObject}');
          end if;

          select u.id, u.version
          into v_conflict
          from unnest(p_streams, p_expected, v_versions) as u (id, expected, version)
          where (u.expected >= 0 and u.expected <> u.version) or (u.expected = -1 and u.version = 0)
          limit 1;
          if found then
            perform {schema}.refuse('{SqlStates.StreamVersionConflict}', jsonb_build_object('stream', v_conflict.id, 'actual', v_conflict.version));
          end if;

          select u.id
          into v_conflict
          from unnest(p_streams, p_folded, v_versions) as u (id, folded, version)
          where u.folded >= 0 and u.folded <> u.version
          limit 1;
          if found then
            perform {schema}.refuse('{SqlStates.ViewMoved}', jsonb_build_object('stream', v_conflict.id));
          end if;
        end
        """;

    private const string EmptyObject = "{}";

    // One probe of the index for each id. The plan is kept while the table grows: asked for all ids at once, a plan that was made while the table
    // was small reads the whole of it for ever after.
    private static string KnownIds(SqlIdentifier schema) =>
        $"exists (select from unnest(p_ids) as u (id) where (select true from {schema}.events e where e.id = u.id limit 1))";
}
