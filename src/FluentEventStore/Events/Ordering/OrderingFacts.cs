using System.Data.Common;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>What the order of the log rests on, as the database has it. Read in one query.</summary>
internal sealed class OrderingFacts(DbDataReader row)
{
    public bool IsStandby { get; } = row.GetBoolean(0);

    public string Isolation { get; } = row.GetString(1);

    public string SynchronousCommit { get; } = row.GetString(2);

    public string Sequence { get; } = row.GetString(3);

    /// <summary>The last position handed out; <see langword="null"/> where none was since the sequence was made or restarted.</summary>
    public long? LastPosition { get; } = row.IsDBNull(4) ? null : row.GetInt64(4);

    /// <summary>The highest position of an event; 0 where there is none.</summary>
    public long HighestPosition { get; } = row.GetInt64(5);

    /// <summary>Whether the store has drawn its lock tag.</summary>
    public bool HasTag { get; } = row.GetBoolean(7);

    /// <summary>The other schemas in the database whose store has the same lock tag, comma-separated.</summary>
    public string SharesTagWith { get; } = row.GetString(6);

    public const string ExpectedSequence = "cache 1 increment 1 minvalue 0 no cycle";

    public static string Query(SqlIdentifier schema) =>
        $"""
        select pg_catalog.pg_is_in_recovery(),
               current_setting('default_transaction_isolation'),
               current_setting('synchronous_commit'),
               format('cache %s increment %s minvalue %s %s', s.seqcache, s.seqincrement, s.seqmin,
                      case when s.seqcycle then 'cycle' else 'no cycle' end),
               pg_catalog.pg_sequence_last_value(s.seqrelid),
               coalesce((select max(position) from {schema}.{EventsSchema.Events}), 0),
               coalesce(
                   (select string_agg(taken.schema, ', ')
                    from ({StoreRowSchema.AllTags}) as taken
                    where taken.lock_tag = (select lock_tag from {schema}.{StoreRowSchema.Store})
                      and taken.schema <> '{schema.Name}'),
                   ''),
               exists (select from {schema}.{StoreRowSchema.Store})
        from pg_catalog.pg_sequence s
        where s.seqrelid = '{schema}.{EventsSchema.Positions}'::regclass
        """;
}
