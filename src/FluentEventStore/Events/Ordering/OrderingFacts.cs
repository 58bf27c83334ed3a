using System.Data.Common;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The facts in the database that the order of the log rests on, read in one query.</summary>
internal sealed class OrderingFacts(DbDataReader row)
{
    public const string ExpectedSequence = "cache 1 increment 1 minvalue 0 no cycle";

    public bool IsStandby { get; } = row.GetBoolean(0);

    public string Isolation { get; } = row.GetString(1);

    public string SynchronousCommit { get; } = row.GetString(2);

    public string Sequence { get; } = row.GetString(3);

    /// <summary>
    /// The last position handed out; <see langword="null"/> if there was none since the sequence was created or restarted.
    /// </summary>
    public long? LastPosition { get; } = row.IsDBNull(4) ? null : row.GetInt64(4);

    /// <summary>The highest position of an event; 0 if there is none.</summary>
    public long HighestPosition { get; } = row.GetInt64(5);

    /// <summary>The other schemas in the database whose stores have the same lock tag, comma-separated.</summary>
    public string SharesTagWith { get; } = row.GetString(6);

    /// <summary>Whether the store has drawn its lock tag.</summary>
    public bool HasTag { get; } = row.GetBoolean(7);

    /// <summary>The sequence that numbers streams.</summary>
    public string KeySequence { get; } = row.GetString(8);

    /// <summary>
    /// Whether the number of the next stream is taken already. <see langword="false"/> also if the role may not see the sequence.
    /// </summary>
    public bool KeysAreBehind { get; } = row.GetBoolean(9);

    public static string Query(SqlIdentifier schema) =>
        $"""
        select pg_catalog.pg_is_in_recovery(),
               pg_catalog.current_setting('default_transaction_isolation'),
               pg_catalog.current_setting('synchronous_commit'),
               pg_catalog.format('cache %s increment %s minvalue %s %s', s.seqcache, s.seqincrement, s.seqmin,
                      case when s.seqcycle then 'cycle' else 'no cycle' end),
               pg_catalog.pg_sequence_last_value(s.seqrelid),
               coalesce((select pg_catalog.max(position) from {schema}.{EventTables.Events}), 0),
               coalesce(
                   (select pg_catalog.string_agg(taken.schema, ', ')
                    from ({StoreRowSchema.AllTags}) as taken
                    where taken.lock_tag = (select lock_tag::text from {schema}.{StoreRowSchema.Store})
                      and taken.schema <> '{schema.Name}'),
                   ''),
               exists (select from {schema}.{StoreRowSchema.Store}),
               keys.sequence,
               coalesce(
                   case when pg_catalog.has_sequence_privilege(keys.sequence, 'select')
                        then (select pg_catalog.max(key) from {schema}.{EventTables.Streams})
                          > coalesce(pg_catalog.pg_sequence_last_value(keys.sequence::pg_catalog.regclass), 0)
                   end,
                   false)
        from pg_catalog.pg_sequence s
        cross join (select pg_catalog.pg_get_serial_sequence('{schema}.{EventTables.Streams}', 'key')) as keys (sequence)
        where s.seqrelid = '{schema}.{EventTables.Positions}'::pg_catalog.regclass
        """;
}
