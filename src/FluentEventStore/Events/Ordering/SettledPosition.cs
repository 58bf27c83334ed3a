using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The function in the database that says how far the log may be read.</summary>
internal static class SettledPosition
{
    /// <summary>
    /// The position up to which everything is decided. A writer takes a shared lock on the last position it saw before it draws its own, and holds it
    /// until its transaction has ended. So, with the last position read first and the lowest lock after it, all positions up to the lower of both
    /// belong to transactions that have ended. Volatile, because each statement must look anew; the caller reads the events in a later statement.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_last bigint;
          v_lowest bigint;
        begin
          select p.last_value into v_last from {schema}.positions p;

          select min(((l.classid::bigint & 65535) << 32) | l.objid::bigint)
          into v_lowest
          from pg_catalog.pg_locks l
          where l.locktype = 'advisory'
            and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
            and l.objsubid = 1
            and l.mode = 'ShareLock'
            and l.granted
            and l.classid::bigint >> 16 = (select o.lock_tag from {schema}.store o);

          return least(v_last, coalesce(v_lowest, v_last));
        end
        """;
}
