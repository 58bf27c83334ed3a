using System.Data.Common;

namespace FluentEventStore.Schema;

/// <summary>Reads who holds a lock.</summary>
internal static class LockHolders
{
    /// <summary>From three columns: process, role and application.</summary>
    public static LockHolder Read(DbDataReader row, int first) => new(
        row.IsDBNull(first) ? null : row.GetInt32(first),
        row.IsDBNull(first + 1) ? null : row.GetString(first + 1),
        row.IsDBNull(first + 2) || row.GetString(first + 2).Length == 0 ? null : row.GetString(first + 2));
}
