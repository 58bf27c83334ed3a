using FluentEventStore.Documents;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using FluentEventStore.Subscriptions;

namespace FluentEventStore.Projections;

/// <summary>The function in the database that enters a version of a projection.</summary>
internal static class BeginProjectionFunction
{
    public const string Name = "begin_projection";

    public const string Arguments = "p_name text, p_version integer, p_subscription text, p_tables text[], p_by_command boolean, "
        + "p_is_of_streams boolean";

    public const string Returns = "TABLE(slot smallint, building smallint, fault text)";

    /// <summary>
    /// The first version serves at once. A later one is built beside the one that serves, by a daemon or by units of work. A fault is
    /// returned if an earlier one comes after
    /// a later one, or if units of work have filled the table.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_found record;
          v_highest integer;
          v_table text;
          v_is_filled boolean;
        begin
          perform pg_catalog.pg_advisory_xact_lock(
            {LockHolders.Space}, pg_catalog.hashtext('{schema}.{ProjectionTables.Projections}'));
          select p.slot, p.building into v_found
          from {schema}.{ProjectionTables.Projections} p
          where p.name = p_name and p.version = p_version;
          if found then
            return query select v_found.slot, v_found.building, null::text;
            return;
          end if;

          select max(p.version) into v_highest from {schema}.{ProjectionTables.Projections} p where p.name = p_name;
          if v_highest > p_version then
            return query select null::smallint, null::smallint, pg_catalog.format(
              'version %s is declared, and version %s was kept already. Versions only grow', p_version, v_highest);
            return;
          end if;

          foreach v_table in array p_tables loop
            execute pg_catalog.format('select exists (select from {schema}.%I)', v_table) into v_is_filled;
            if v_is_filled and not exists (
                select from {schema}.{SubscriptionTables.Subscriptions} s where s.name = p_subscription) then
              return query select null::smallint, null::smallint, pg_catalog.format(
                'version %s was kept inline. Raise the version, so that it is built anew beside that', p_version);
              return;
            end if;
          end loop;

          if v_highest is null and not p_is_of_streams then
            {EnterInline(schema)}
          end if;

          insert into {schema}.{ProjectionTables.Projections} (name, version, slot, building, ready, serves, by_command, of_streams)
          values (
            p_name, p_version, 0, case when v_highest is not null then 0 end, v_highest is null, v_highest is null, p_by_command,
            p_is_of_streams);
          return query
          select p.slot, p.building, null::text
          from {schema}.{ProjectionTables.Projections} p
          where p.name = p_name and p.version = p_version;
        end
        """;

    // An earlier version that units of work kept serves until this one is built.
    private static string EnterInline(SqlIdentifier schema) => $"""
        for v_version in reverse p_version - 1 .. 1 loop
              v_table := pg_catalog.regexp_replace(p_tables[1], '_v[0-9]+$', '_v' || v_version);
              continue when pg_catalog.to_regclass(pg_catalog.format('{schema}.%I', v_table)) is null;
              execute pg_catalog.format('select exists (select from {schema}.%I)', v_table) into v_is_filled;
              if v_is_filled then
                insert into {schema}.{ProjectionTables.Projections} (
                  name, version, slot, ready, serves, by_command, of_streams, inline)
                values (p_name, v_version, 0, true, true, false, false, true);
                v_highest := v_version;
                exit;
              end if;
            end loop;
        """;
}
