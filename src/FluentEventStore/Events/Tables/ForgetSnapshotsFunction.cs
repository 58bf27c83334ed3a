using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that removes snapshots of streams whose past changes.</summary>
internal static class ForgetSnapshotsFunction
{
    public const string Name = "forget_snapshots";

    public const string Arguments = "p_streams bigint[]";

    /// <summary>
    /// Removes the snapshots of streams that are hidden, erased, linked or rewritten: live and inline ones, of all aggregates, even of
    /// those that the calling process does not know. One that is left behind, for want of rights, is void too: its readers compare it with
    /// the stream. Snapshots that the unit itself has folded for the new past stay.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_kept name;
        begin
          for v_kept in
            select c.relname
            from pg_catalog.pg_class c
            where c.relnamespace = (select p.oid from pg_catalog.pg_namespace p where p.nspname = '{schema.Name}')
              and c.relkind = 'r'
              and (c.relname = '{SnapshotsSchema.Snapshots}' or pg_catalog.starts_with(c.relname, '{StoreTable.DocumentPrefix}'))
              and (
                  select count(*)
                  from pg_catalog.pg_attribute a
                  where a.attrelid = c.oid and a.attname in ('stream', 'rewritten') and not a.attisdropped) = 2
              and pg_catalog.has_table_privilege(c.oid, 'select')
              and pg_catalog.has_table_privilege(c.oid, 'delete')
            order by c.relname
          loop
            execute pg_catalog.format('
              delete from {schema}.%I n
              where n.stream = any ($1)
                and not exists (
                  select from {schema}.{EventTables.Streams} s
                  where s.key = n.stream and s.state = {StreamStates.Active} and not s.linked and s.rewritten <= n.rewritten)', v_kept)
            using p_streams;
          end loop;
        end
        """;
}
