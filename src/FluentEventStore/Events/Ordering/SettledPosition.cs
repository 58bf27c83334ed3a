using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The functions in the database that say how far the log may be read, and the lock that they rest on.</summary>
internal static class SettledPosition
{
    /// <summary>The function that says how far the log is settled.</summary>
    public const string Function = "settled_position";

    public const string SettleFunction = "settle";

    public const string SettleArguments = "p_settled bigint";

    public const string SettleReturns = "TABLE(settled bigint, last bigint, lowest bigint, standby boolean, server timestamp with time zone)";

    /// <summary>How many positions beyond the settled position are looked at one by one.</summary>
    private const int MaxContiguous = 1000;

    /// <summary>How long a writer waits for its lock: less than the time-outs of commands, so that it can say who is in its way.</summary>
    private const int WriterTimeoutMilliseconds = 5_000;

    /// <summary>No writer locks a position that far behind: such a lock means something else.</summary>
    private const long MaxBehind = 1L << 40;

    /// <summary>The function that a writer calls if it does not get its lock at once.</summary>
    public const string AwaitFunction = "await_log";
    public const string AwaitArguments = "p_key bigint";

    private const string Locked = "fes.locked";

    /// <summary>
    /// Statements for a function that draws positions, before it draws. The shared lock names a position lower than all that are drawn
    /// under it: readers do not pass it until the transaction has ended. One lock per transaction is enough, and many would fill the
    /// server's table of locks. A setting notes the lock; a rollback to a savepoint takes back both. It names the transaction, so that no
    /// earlier value is taken for it.
    /// </summary>
    /// <remarks>
    /// The tag is read here and not along with anything before: a statement that waits for a stream must not hold the table of the tag.
    /// </remarks>
    public static string Lock(SqlIdentifier schema) => $"""
        declare
          v_lock bigint;
          v_note text := '{schema.Name}:' || pg_current_xact_id()::text;
        begin
          if current_setting('{Locked}', true) is distinct from v_note then
            v_lock := (select o.lock_tag::bigint from {schema}.{StoreRowSchema.Store} o) << 48
              | coalesce(pg_sequence_last_value('{schema}.{EventTables.Positions}'::regclass), 0);
            if v_lock is null or not pg_try_advisory_xact_lock_shared(v_lock) then
              perform {schema}.{AwaitFunction}(v_lock);
            end if;
            v_note := set_config('{Locked}', v_note, true);
          end if;
        end;
        """;

    /// <summary>
    /// Waits for the lock of a writer, but not long: whoever holds it exclusively is unknown to the store. A missing tag leads here as
    /// well, because nobody may write without the lock.
    /// </summary>
    public static string AwaitBody(SqlIdentifier schema) => $"""
        declare
          v_timeout text := current_setting('lock_timeout');
          v_holder record;
        begin
          if p_key is null then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.TagMissing}', '{AppendSql.EmptyObject}');
          end if;

          perform set_config('lock_timeout', '{WriterTimeoutMilliseconds}ms', true);
          begin
            perform pg_advisory_xact_lock_shared(p_key);
          exception
            when lock_not_available then
              select l.pid, a.usename::text as role, nullif(a.application_name, '') as application
              into v_holder
              from pg_catalog.pg_locks l
              left join pg_catalog.pg_stat_activity a on a.pid = l.pid
              where {LocksOfAnyMode(schema)}
                and l.mode = 'ExclusiveLock'
                and (l.classid::bigint << 32 | l.objid::bigint) = p_key
              limit 1;
              perform {schema}.{RefuseFunction.Name}(
                '{SqlStates.LogLocked}',
                case when v_holder is null then '{AppendSql.EmptyObject}'
                     else jsonb_build_object('pid', v_holder.pid, 'role', v_holder.role, 'application', v_holder.application)
                end);
          end;
          perform set_config('lock_timeout', v_timeout, true);
          return true;
        end
        """;

    /// <summary>The locks of writers in <c>pg_locks l</c>, and the position that each names.</summary>
    public static string Locks(SqlIdentifier schema) => $"""
        {LocksOfAnyMode(schema)}
            and l.mode = 'ShareLock'
        """;

    /// <summary>The locks in <c>pg_locks l</c> whose keys are those of writers.</summary>
    public static string LocksOfAnyMode(SqlIdentifier schema) => $"""
        l.locktype = 'advisory'
            and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_catalog)
            and l.objsubid = 1
            and l.granted
            and l.classid::bigint >> 16 = (select o.lock_tag from {schema}.{StoreRowSchema.Store} o)
        """;

    public const string LockedPosition = "((l.classid::bigint & 65535::bigint) << 32 | l.objid::bigint)";

    /// <summary>
    /// Moves a settled position on, as far as all transactions have ended. Before a writer draws its positions, it takes a shared lock on
    /// the last position it saw, and holds it until its transaction has ended. Here the last position is read first, and the lowest lock
    /// after it: all positions up to the lower of both belong to transactions that have ended. Positions that follow the old settled one
    /// without a gap are settled without a look at the locks. Each statement must look anew: hence volatile, and read committed. The result
    /// is always the position of an event or a link, because numbers that none has may be handed out again after a crash. The caller reads
    /// the events in a later statement.
    /// </summary>
    public static string SettleBody(SqlIdentifier schema) => $"""
        declare
          v_limit bigint;
        begin
          if current_setting('transaction_isolation') <> 'read committed' then
            raise exception 'the settled position can be read only under read committed' using errcode = 'invalid_transaction_state';
          end if;

          -- A standby lacks the locks of the primary and the exact last position; with the row came all events up to it.
          standby := pg_catalog.pg_is_in_recovery();
          server := pg_catalog.pg_postmaster_start_time();
          if standby then
            select coalesce(max(s.position), 0) into settled from {schema}.{SettledSchema.Settled} s;
            last := settled;
            return next;
            return;
          end if;

          settled := p_settled;
          select p.last_value into last from {schema}.{EventTables.Positions} p;
          if last > settled and last - settled <= {MaxContiguous} then
            select coalesce(max(e.position), p_settled)
            into settled
            from (
              select e.position, row_number() over (order by e.position) as ordinal
              from {schema}.{EventTables.Events} e
              where e.position > p_settled
                and e.position <= last
              order by e.position
              limit {MaxContiguous}
            ) e
            where e.position = p_settled + e.ordinal;
          end if;

          if last > settled then
            select min({LockedPosition})
            into lowest
            from pg_catalog.pg_locks l
            where {Locks(schema)}
              and {LockedPosition} < last
              and {LockedPosition} > last - {MaxBehind};

            v_limit := coalesce(lowest, last);
            if v_limit > settled then
              settled := greatest(
                (
                  select e.position
                  from {schema}.{EventTables.Events} e
                  where e.position > settled and e.position <= v_limit
                  order by e.position desc
                  limit 1
                ),
                (
                  select l.position
                  from {schema}.{EventTables.Links} l
                  where l.position > settled and l.position <= v_limit
                  order by l.position desc
                  limit 1
                ),
                settled);
            end if;
          end if;
          return next;
        end
        """;

    /// <summary>The settled position, for use with psql.</summary>
    public static string Body(SqlIdentifier schema) => $"""
        begin
          return (select s.settled from {schema}.{SettleFunction}(0) s);
        end
        """;
}
