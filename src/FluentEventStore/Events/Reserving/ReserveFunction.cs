using System.Globalization;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that changes which streams hold which values.</summary>
internal static class ReserveFunction
{
    public const string Name = "reserve";

    public const string Arguments =
        "p_tenant text, p_names text[], p_values text[], p_owners text[], p_verbs smallint[], p_types text[], p_freed text[], "
            + "p_erased text[], p_restored text[]";

    private const string Table = ReservationsSchema.Reservations;
    private const string Freed = ReservationsSchema.Freed;

    private static readonly string Reserve = Number(ReservationVerb.Reserve);
    private static readonly string Release = Number(ReservationVerb.Release);
    private static readonly string Set = Number(ReservationVerb.Set);

    /// <summary>
    /// Does all of a unit at once, so that a value can pass from one stream to another: what counts is who holds it afterwards. The caller
    /// has locked the owners and the other streams, so nobody else changes what those hold. The rows are locked in one pass in the order
    /// of their names and hashes, whether they are there or not; so two units that want one value wait for each other.
    /// </summary>
    /// <remarks>
    /// What streams hold that the unit deletes is freed, and kept for those that are undeleted; <c>p_erased</c> are those of the freed ones
    /// that cannot be. A key counts only for a stream of its aggregate or of none: for another one it stands for no key.
    /// </remarks>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_values text[];
          v_refused record;
          w_names text[];
          w_values text[];
          w_owners text[];
          l_names text[];
          l_values text[];
          l_owners text[];
        begin
          perform {Planning.ByKeys};

          select s.id, s.version, s.state
          into v_refused
          from unnest(p_owners, p_verbs) as a (owner, verb)
          cross join lateral (
            select s.id, s.version, s.state from {schema}.{EventTables.Streams} s where s.tenant = p_tenant and s.id = a.owner limit 1
          ) as s
          where a.verb = {Reserve} and s.state >= {StreamStates.Deleted}
          limit 1;
          if found then
            perform {schema}.{RefuseFunction.Name}(
              '{SqlStates.StreamNotActive}', {AppendSql.RefusalData("v_refused.id", "v_refused.version", "v_refused.state")});
          end if;

          v_values := array(
            select case when a.verb <> {Set} or a.name = '{ReservationNames.OfKeys}' || coalesce(
                (select s.aggregate_type from {schema}.{EventTables.Streams} s where s.tenant = p_tenant and s.id = a.owner limit 1),
                a.type,
                pg_catalog.substr(a.name, {Number(ReservationNames.OfKeys.Length + 1)})) then a.value end
            from unnest(p_names, p_values, p_owners, p_verbs, p_types) with ordinality as a (name, value, owner, verb, type, ordinal)
            order by a.ordinal);

          -- What is held after the unit, as far as it is new, ...
          select array_agg(w.name), array_agg(w.value), array_agg(w.owner)
          into w_names, w_values, w_owners
          from (
            select a.name, a.value, a.owner
            from {Asked}
            where a.verb <> {Release} and a.value is not null and a.owner <> all (p_freed)
            union
            select f.name, f.value, f.owner
            from {schema}.{Freed} f
            where f.tenant = p_tenant and f.owner = any (p_restored) and f.owner <> all (p_freed) and not {IsReplaced("f")}
          ) as w;

          -- ... and what is held before it and not afterwards.
          select array_agg(r.name), array_agg(r.value), array_agg(r.owner)
          into l_names, l_values, l_owners
          from {schema}.{Table} r
          where r.tenant = p_tenant and r.owner = any (p_owners || p_freed)
            and (r.owner = any (p_freed) or {IsReplaced("r", "and (a.verb <> " + Set + " or a.value is distinct from r.value)")});

          select w.name, w.value, max(w.owner) as owner, min(w.owner) as held_by
          into v_refused
          from {Wanted}
          group by w.name, w.value
          having count(*) > 1
          limit 1;
          if not found then
            with touched as (
              insert into {schema}.{Table} as r (tenant, name, hash, value, owner)
              select p_tenant, t.name, t.hash, t.value, t.owner
              from (
                select distinct on (t.name, t.hash) t.name, t.hash, t.value, t.owner
                from (
                  select w.name, {ReservationsSchema.HashOf("w.value")} as hash, w.value, w.owner from {Wanted}
                  union all
                  select l.name, {ReservationsSchema.HashOf("l.value")}, l.value, l.owner from {Left}
                ) as t
              ) as t
              order by t.name collate "C", t.hash
              on conflict (tenant, name, hash) do update
              set owner = r.owner
              returning r.name, r.value, r.owner
            )
            select w.name, w.value, w.owner, t.owner as held_by
            into v_refused
            from {Wanted}
            join touched t on t.name = w.name and t.value = w.value
            where t.owner <> w.owner
              and not exists (select from {Left} where l.name = t.name and l.value = t.value and l.owner = t.owner)
            order by w.name collate "C", w.value collate "C"
            limit 1;
          end if;
          if found then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.ReservationConflict}', jsonb_build_object(
              'name', v_refused.name, 'value', v_refused.value, 'owner', v_refused.owner, 'held_by', v_refused.held_by));
          end if;

          delete from {schema}.{Table} r
          using {Left}
          where r.tenant = p_tenant and r.name = l.name and r.hash = {ReservationsSchema.HashOf("l.value")} and r.owner = l.owner
            and not exists (select from {Wanted} where w.name = l.name and w.value = l.value);

          update {schema}.{Table} r
          set owner = w.owner
          from {Wanted}
          where r.tenant = p_tenant and r.name = w.name and r.hash = {ReservationsSchema.HashOf("w.value")} and r.owner <> w.owner;

          if cardinality(p_freed || p_restored) > 0 then
            delete from {schema}.{Freed} f
            where f.tenant = p_tenant
              and (f.owner = any (p_erased) or (f.owner = any (p_restored) and (f.owner <> all (p_freed) or {IsReplaced("f")})));

            insert into {schema}.{Freed} (tenant, owner, name, hash, value)
            select p_tenant, k.owner, k.name, {ReservationsSchema.HashOf("k.value")}, k.value
            from (
              select l.name, l.value, l.owner from {Left} where l.owner = any (p_freed) and not {IsReplaced("l")}
              union
              select a.name, a.value, a.owner
              from {Asked}
              where a.verb <> {Release} and a.value is not null and a.owner = any (p_freed)
            ) as k
            where k.owner <> all (p_erased)
            on conflict (tenant, owner, name, hash) do nothing;
          end if;
        end
        """;

    private const string Asked = "unnest(p_names, v_values, p_owners, p_verbs) as a (name, value, owner, verb)";
    private const string Wanted = "unnest(w_names, w_values, w_owners) as w (name, value, owner)";
    private const string Left = "unnest(l_names, l_values, l_owners) as l (name, value, owner)";

    /// <summary>Whether the unit releases what a row says, or sets another key in its place.</summary>
    private static string IsReplaced(string row, string condition = "") => $"""
        exists (
              select
              from {Asked}
              where a.owner = {row}.owner and a.name = {row}.name
                and (a.verb = {Set} or (a.verb = {Release} and a.value = {row}.value)) {condition})
        """;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(ReservationVerb verb) => Number((int)verb);
}
