using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that moves copied events from the staging table into the store.</summary>
internal static class ImportFunction
{
    public const string Name = "import_events";

    public const string Arguments =
        "p_count integer, p_tenants text[], p_streams text[], p_aggregate_types text[], p_first bigint[], p_last bigint[], "
        + "p_truncated bigint[], p_created timestamp with time zone[], p_appended timestamp with time zone[], p_deleted boolean[], "
        + "p_key_events integer[], p_key_names text[], p_key_values text[]";

    /// <summary>
    /// Creates the staging table, which is dropped with its transaction. The events are copied into it before anything is locked, so that
    /// neither a slow network nor a client that hangs keeps anybody waiting. A row without a type is a link; its id is that of its event.
    /// </summary>
    public const string CreateStaging = """
        create temp table fes_import (
          ordinal integer,
          stream integer,
          version bigint,
          id uuid,
          type text collate "C",
          type_version integer,
          recorded_at timestamptz,
          data jsonb,
          correlation_id text,
          causation_id text,
          user_name text,
          headers jsonb)
        on commit drop
        """;

    /// <summary>The name of the result column.</summary>
    public const string Result = "imported";

    public const string CopyIntoStaging = "copy pg_temp.fes_import from stdin (format binary)";

    /// <summary>
    /// Locks the streams in the order of their tenants and ids, creates new ones, and truncates them as they were in the exported store.
    /// Skips events that are there already or truncated. Checks that the versions go on without a gap; only a new stream may lack the
    /// events that were truncated. Sets natural keys, draws positions in the order of the events, and inserts. Returns an array: how many
    /// events were written, the position of the last one.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_keys bigint[];
          v_bases bigint[];
          v_truncated bigint[];
          v_created boolean[];
          v_positions bigint[];
          v_waiting integer[] := array[]::integer[];
          v_closed bigint;
          v_fault record;
          v_imported bigint;
          {ImportedLinks.Variables}
          {ImportedKeys.Variables}
        begin
          -- An inserted row has no xmax. A row that was there is locked and so has one.
          with written as (
            insert into {schema}.{EventTables.Streams} as s (
              tenant, id, version, aggregate_type, created_at, appended_at, state, truncated_before)
            select u.tenant, u.id, u.last, u.aggregate_type, u.created, u.appended, 0, least(u.truncated, u.last + 1)
            from unnest(p_tenants, p_streams, p_aggregate_types, p_last, p_created, p_appended, p_truncated)
              as u (tenant, id, aggregate_type, last, created, appended, truncated)
            order by u.tenant collate "C", u.id collate "C"
            on conflict (tenant, id) do update
            set version = s.version
            returning s.key, s.tenant, s.id, s.version, s.state, s.truncated_before, s.xmax = 0 as created
          )
          select
            array_agg(w.key order by u.ordinal),
            array_agg(case when w.created then 0 else w.version end order by u.ordinal),
            array_agg(w.truncated_before order by u.ordinal),
            array_agg(w.created order by u.ordinal),
            min(u.ordinal) filter (where w.state <> {StreamStates.Active} and u.last > w.version)
          into v_keys, v_bases, v_truncated, v_created, v_closed
          from unnest(p_tenants, p_streams, p_last) with ordinality as u (tenant, id, last, ordinal)
          join written w on w.tenant = u.tenant and w.id = u.id;

          if v_closed is not null then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.ImportRefused}', jsonb_build_object('fault', '{nameof(
                ImportFault.ClosedStream)}', 'stream', v_closed));
          end if;

          select u.ordinal, u.base
          into v_fault
          from unnest(p_first, v_bases, p_truncated) with ordinality as u (first, base, truncated, ordinal)
          where u.first > u.base + 1
            and not (u.base = 0 and u.first <= u.truncated)
          order by u.ordinal
          limit 1;
          if found then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.ImportRefused}', jsonb_build_object(
              'fault', '{nameof(ImportFault.Hole)}', 'stream', v_fault.ordinal, 'actual', v_fault.base));
          end if;

          {Truncate(schema)}

          if exists (select from unnest(p_first, v_bases) as u (first, base) where u.first <= u.base) then
            {ImportedLinks.FindWaiting(schema)}

            delete from pg_temp.fes_import i
            where i.version <= v_bases[i.stream]
              and not (i.ordinal = any (v_waiting))
              and (i.version < v_truncated[i.stream] or case
                when i.type is null then (
                  select coalesce(l.event_id = i.id, true)
                  from {schema}.{LinksSchema.Links} l
                  where l.stream = v_keys[i.stream]
                    and l.version = i.version
                  limit 1)
                else (
                  select e.id = i.id and e.type = i.type and e.type_version = i.type_version
                  from {schema}.{EventTables.Events} e
                  where e.stream = v_keys[i.stream]
                    and e.version = i.version
                  limit 1)
                end);

            select i.ordinal, v_bases[i.stream] as base
            into v_fault
            from pg_temp.fes_import i
            where i.version <= v_bases[i.stream]
              and not (i.ordinal = any (v_waiting))
            order by i.ordinal
            limit 1;
            if found then
              perform {schema}.{RefuseFunction.Name}('{SqlStates.ImportRefused}', jsonb_build_object(
                'fault', '{nameof(ImportFault.DifferentEvent)}', 'event', v_fault.ordinal, 'actual', v_fault.base));
            end if;

            if not exists (select from pg_temp.fes_import) then
              return array[0, 0];
            end if;
          end if;

          -- The rows are locked. Each is found by its key, whatever the plan was made for.
          if false = any (v_created) then
            insert into {schema}.{EventTables.Streams} as s (tenant, id, version, aggregate_type, created_at, appended_at, state)
            select u.tenant, u.id, u.last, u.aggregate_type, u.appended, u.appended, 0
            from unnest(p_tenants, p_streams, p_aggregate_types, p_last, p_appended, v_bases, v_created)
              as u (tenant, id, aggregate_type, last, appended, base, created)
            where not u.created
              and u.last > u.base
            on conflict (tenant, id) do update
            set version = excluded.version,
                aggregate_type = coalesce(s.aggregate_type, excluded.aggregate_type),
                appended_at = greatest(s.appended_at, excluded.appended_at);
          end if;

          {ImportedKeys.Set(schema)}

          {SettledPosition.Lock(schema)}
          v_positions := array(select nextval('{schema}.{EventTables.Positions}') from generate_series(1, p_count));

          insert into {schema}.{EventTables.Events} (
            position, stream, version, id, type, type_version, recorded_at, data, correlation_id, causation_id, user_name, headers)
          select
            v_positions[i.ordinal], v_keys[i.stream], i.version, i.id, i.type, i.type_version, i.recorded_at, i.data,
            i.correlation_id, i.causation_id, i.user_name, i.headers
          from pg_temp.fes_import i
          where i.type is not null;
          get diagnostics v_imported = row_count;
          {ImportedLinks.Insert(schema)}
          return array[v_imported, coalesce(v_positions[(select max(i.ordinal) from pg_temp.fes_import i where i.type is not null)], 0)];
        end
        """;

    // Never beyond the end of the stream: the events that are appended next would be hidden.
    private static string Truncate(SqlIdentifier schema) => $"""
        if exists (
            select
            from unnest(p_truncated, v_truncated, v_created) as u (wanted, actual, created)
            where not u.created and u.wanted > u.actual) then
            perform {Planning.ByKeys};
            {GuardFunction.Permit("'truncate'")}
            with truncated as (
              update {schema}.{EventTables.Streams} s
              set truncated_before = u.before,
                  rewritten = s.rewritten + 1
              from (
                select v_keys[o.ordinal] as key, least(o.wanted, greatest(o.last, v_bases[o.ordinal]) + 1) as before
                from unnest(p_truncated, p_last) with ordinality as o (wanted, last, ordinal)
              ) as u
              where s.key = u.key
                and s.truncated_before < u.before
              returning s.tenant, s.id, s.version, u.before
            )
            insert into {schema}.{EventTables.Audit} (verb, tenant, stream, detail)
            select 'truncate', t.tenant, t.id, jsonb_build_object('version', t.version, 'before', t.before, 'removed', 0)
            from truncated t;
            {GuardFunction.Forbid}
            {SnapshotsSchema.Forget(schema, "v_keys")}
          end if;
        """;
}
