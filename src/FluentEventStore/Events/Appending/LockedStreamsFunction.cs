using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The function in the database that finds which streams somebody else has locked, or is about to create.</summary>
internal static class LockedStreamsFunction
{
    public const string Name = "locked_streams";

    public const string Arguments = "p_tenants text[], p_streams text[]";

    /// <summary>
    /// Returns the places of the streams that are not free, from 1. Existing streams are looked at together. A stream that is not there may
    /// be in an open transaction, which only an insert finds out: each is tried for a millisecond, and nothing of it stays.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_existing bigint[];
          v_locked integer[] := array[]::integer[];
        begin
          perform {Planning.ByKeys};
          select array_agg(s.key order by u.ordinal)
          into v_existing
          from unnest(p_tenants, p_streams) with ordinality as u (tenant, id, ordinal)
          left join {schema}.{EventTables.Streams} s on s.tenant = u.tenant and s.id = u.id;

          perform set_config('lock_timeout', '1', true);
          begin
            for v_place in 1 .. cardinality(p_streams) loop
              if v_existing[v_place] is null then
                begin
                  insert into {schema}.{EventTables.Streams} as s (tenant, id, version, created_at, appended_at, state)
                  values (p_tenants[v_place], p_streams[v_place], 0, now(), now(), 0)
                  on conflict (tenant, id) do update
                  set version = s.version;
                exception
                  when lock_not_available then
                    v_locked := v_locked || v_place;
                end;
              end if;
            end loop;

            -- Last, because it locks the free ones, and nobody should wait for that.
            select v_locked || coalesce(array_agg(u.place::integer) filter (where u.key is not null and f.key is null), array[]::integer[])
            into v_locked
            from unnest(v_existing) with ordinality as u (key, place)
            left join (
              select s.key
              from {schema}.{EventTables.Streams} s
              where s.key = any (v_existing)
              for no key update skip locked
            ) as f on f.key = u.key;

            raise exception using errcode = '{SqlStates.Undo}';
          exception
            when sqlstate '{SqlStates.Undo}' then
              null;
          end;

          return v_locked;
        end
        """;
}
