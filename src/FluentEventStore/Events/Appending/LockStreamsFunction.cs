using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that locks and checks the streams of a unit which does more than append.</summary>
internal static class LockStreamsFunction
{
    public const string Name = "lock_streams";

    public const string Arguments =
        "p_tenant text, p_streams text[], p_expected bigint[], p_folded bigint[], p_folded_keys bigint[], p_folded_rewritten integer[], "
            + "p_active boolean[], "
        + "p_recorded_at timestamp with time zone, p_ids uuid[]";

    /// <summary>
    /// For a unit that does more than append: locks its streams in the order of their ids. Then makes all checks: known event ids, streams
    /// that have to be active, expected versions, what inline snapshots were folded from.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_keys bigint[];
          v_versions bigint[];
          v_rewritten integer[];
          v_states smallint[];
          v_refused integer;
        begin
          with locked as (
            insert into {schema}.{EventTables.Streams} as s (tenant, id, version, created_at, appended_at, state)
            select p_tenant, u.id, 0, p_recorded_at, p_recorded_at, 0
            from unnest(p_streams) as u (id)
            order by u.id collate "C"
            on conflict (tenant, id) do update
            set version = s.version
            returning s.key, s.id, s.version, s.rewritten, s.state
          )
          select
            array_agg(l.key order by u.ordinal), array_agg(l.version order by u.ordinal),
            array_agg(l.rewritten order by u.ordinal), array_agg(l.state order by u.ordinal)
          into v_keys, v_versions, v_rewritten, v_states
          from unnest(p_streams) with ordinality as u (id, ordinal)
          join locked l on l.id = u.id;

          if {AppendSql.KnownIds(schema)} then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.EventIdsKnown}', '{AppendSql.EmptyObject}');
          end if;

          select min(u.ordinal)
          into v_refused
          from unnest(p_expected, p_active, v_versions, v_states) with ordinality as u (expected, active, version, state, ordinal)
          where (u.active and u.state <> 0) or {AppendSql.IsRefused("u.expected", "u.version")};
          if v_refused is not null then
            {AppendSql.RefuseStream(
                schema,
                "p_streams[v_refused]",
                "v_versions[v_refused]",
                "case when p_active[v_refused] then v_states[v_refused] else 0 end")}
          end if;

          select min(u.ordinal)
          into v_refused
          from unnest(p_folded, p_folded_keys, p_folded_rewritten, v_versions, v_keys, v_rewritten) with ordinality
            as u (folded, folded_key, folded_rewritten, version, key, rewritten, ordinal)
          where u.folded >= 0
            and (u.folded <> u.version or (u.version > 0 and (u.folded_key <> u.key or u.folded_rewritten <> u.rewritten)));
          if v_refused is not null then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.SnapshotMoved}', jsonb_build_object('stream', p_streams[v_refused]));
          end if;
        end
        """;
}
