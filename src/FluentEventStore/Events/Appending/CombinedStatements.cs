using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>The statement of many units together: it calls a function in the database, with an array a column over all of them.</summary>
internal sealed class CombinedStatements(SqlIdentifier schema)
{
    private readonly string _append = $"""
        select positions, bases, sqlstates, hints
        from {schema}.{CombinedAppendFunction.Name}(
          $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
        """;

    /// <param name="batch">The batch.</param>
    /// <param name="units">The units.</param>
    /// <param name="longestWait">How long they wait for a lock that others hold; <see cref="TimeSpan.Zero"/> without a limit.</param>
    public void Add(NpgsqlBatch batch, IReadOnlyList<EventUnit> units, TimeSpan longestWait)
    {
        var columns = new CombinedUnits(units);
        batch.Add(_append)
            .With(columns.Timestamps, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
            .WithArray(columns.CorrelationIds, NpgsqlDbType.Text)
            .WithArray(columns.CausationIds, NpgsqlDbType.Text)
            .WithArray(columns.UserNames, NpgsqlDbType.Text)
            .With(columns.Tenants, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(columns.StreamIds, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(columns.Counts, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.FirstParts, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.LastParts, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.TypedParts, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.PartUnits, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.PartStreams, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .WithArray(columns.AggregateTypes, NpgsqlDbType.Text)
            .With(columns.Expected, NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(columns.PartCounts, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.Before, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.EventParts, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.Offsets, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.EventIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(columns.TypeNames, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(columns.TypeVersions, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.Data, NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .WithArray(columns.Headers, NpgsqlDbType.Jsonb)
            .With((int)longestWait.TotalMilliseconds, NpgsqlDbType.Integer);
    }

    /// <summary>Reads what became of each unit, in their order; <see langword="null"/> where the row is of another statement.</summary>
    public static AppendOutcome[]? ReadOutcomes(NpgsqlDataReader row, IReadOnlyList<EventUnit> units)
    {
        if (row.FieldCount == 1)
            return null;

        var positions = row.IsDBNull(0) ? [] : row.GetFieldValue<long[]>(0);
        var bases = row.GetFieldValue<long[]>(1);
        var sqlStates = row.IsDBNull(2) ? null : row.GetFieldValue<string?[]>(2);
        var hints = row.IsDBNull(3) ? null : row.GetFieldValue<string?[]>(3);
        var outcomes = new AppendOutcome[units.Count];
        var (written, stream) = (0, 0);
        for (var index = 0; index < outcomes.Length; index++)
        {
            var unit = units[index];
            if (sqlStates?[index] is { } sqlState)
            {
                outcomes[index] = new AppendOutcome(new RefusedAppend(sqlState, hints?[index]));
            }
            else
            {
                written += unit.EventIds.Length;
                outcomes[index] = new AppendOutcome(unit.CommitAt(positions[written - 1], bases.AsSpan(stream, unit.Streams.Length)));
            }

            stream += unit.Streams.Length;
        }

        return outcomes;
    }
}
