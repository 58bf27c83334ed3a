using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>Turns rows of the table <c>streams</c> into states of streams.</summary>
internal static class StreamStateReader
{
    /// <summary>The columns that <see cref="Read"/> takes, of the table under the alias <c>s</c>.</summary>
    public const string Columns =
        "s.id, s.version, s.created_at, s.appended_at, s.aggregate_type, s.state, s.truncated_before, s.key, s.rewritten";

    /// <summary>Reads the current row.</summary>
    public static StreamState Read(NpgsqlDataReader row)
    {
        var state = row.GetInt16(5);
        return new StreamState(
            StreamId.Stored(row.GetString(0)),
            Version: row.GetInt64(1),
            Created: row.GetInstant(2),
            LastAppended: row.GetInstant(3),
            AggregateType: row.IsDBNull(4) ? null : row.GetString(4),
            IsArchived: state == StreamStates.Archived)
        {
            IsDeleted = state is StreamStates.Deleted or StreamStates.Tombstoned,
            IsTombstoned = state == StreamStates.Tombstoned,
            TruncatedBefore = row.GetInt64(6),
            StoredVersion = new StoredVersion(row.GetInt64(1), row.GetInt64(7), row.GetInt32(8)),
        };
    }
}
