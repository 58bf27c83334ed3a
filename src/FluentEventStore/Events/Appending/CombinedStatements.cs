using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>The statement that writes many units together by calling a function in the database.</summary>
internal sealed class CombinedStatements(SqlIdentifier schema)
{
    /// <summary>The statement that appends, with one array per column over all units.</summary>
    public FrequentStatement<CombinedUnits> Append { get; } = new(
        $"""
        select positions, versions, bases, sqlstates, hints
        from {schema}.{CombinedAppendFunction.Name}(
          $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
        """,
        [
            Column(static units => units.Timestamps, NpgsqlDbType.TimestampTz),
            Column(static units => units.CorrelationIds, NpgsqlDbType.Text),
            Column(static units => units.CausationIds, NpgsqlDbType.Text),
            Column(static units => units.UserNames, NpgsqlDbType.Text),
            Column(static units => units.Tenants, NpgsqlDbType.Text),
            Column(static units => units.StreamIds, NpgsqlDbType.Text),
            Column(static units => units.Counts, NpgsqlDbType.Integer),
            Column(static units => units.FirstParts, NpgsqlDbType.Integer),
            Column(static units => units.LastParts, NpgsqlDbType.Integer),
            Column(static units => units.TypedParts, NpgsqlDbType.Integer),
            Column(static units => units.Versions, NpgsqlDbType.Bigint),
            Column(static units => units.PartUnits, NpgsqlDbType.Integer),
            Column(static units => units.PartStreams, NpgsqlDbType.Integer),
            Column(static units => units.AggregateTypes, NpgsqlDbType.Text),
            Column(static units => units.Expected, NpgsqlDbType.Bigint),
            Column(static units => units.PartCounts, NpgsqlDbType.Integer),
            Column(static units => units.Ahead, NpgsqlDbType.Integer),
            Column(static units => units.EventParts, NpgsqlDbType.Integer),
            Column(static units => units.Offsets, NpgsqlDbType.Integer),
            Column(static units => units.EventIds, NpgsqlDbType.Uuid),
            Column(static units => units.TypeNames, NpgsqlDbType.Text),
            Column(static units => units.TypeVersions, NpgsqlDbType.Integer),
            Column(static units => units.Data, NpgsqlDbType.Jsonb),
            Column(static units => units.Headers, NpgsqlDbType.Jsonb),
            StatementParameter<CombinedUnits>.Of(static units => (int)units.LongestWait.TotalMilliseconds, NpgsqlDbType.Integer),
        ]);

    /// <summary>Reads what became of each unit, in their order; <see langword="null"/> if the row is of another statement.</summary>
    public static AppendOutcome[]? ReadOutcomes(NpgsqlDataReader row, CombinedUnits sent)
    {
        if (row.FieldCount == 1)
            return null;

        var positions = row.IsDBNull(0) ? [] : row.GetFieldValue<long[]>(0);
        var bases = row.IsDBNull(1) ? row.GetFieldValue<long[]>(2) : sent.BasesOf(row.GetFieldValue<long[]>(1));
        var sqlStates = row.IsDBNull(3) ? null : row.GetFieldValue<string?[]>(3);
        var hints = row.IsDBNull(4) ? null : row.GetFieldValue<string?[]>(4);
        var outcomes = new AppendOutcome[sent.Units.Length];
        var (written, part) = (0, 0);
        for (var index = 0; index < outcomes.Length; index++)
        {
            var unit = sent.Units[index];
            if (sqlStates?[index] is { } sqlState)
            {
                outcomes[index] = new AppendOutcome(new RefusedAppend(sqlState, hints?[index]));
            }
            else
            {
                written += unit.Events.Length;
                outcomes[index] = new AppendOutcome(unit.CommitAt(positions[written - 1], bases.AsSpan(part, unit.Streams.Length)));
            }

            part += unit.Streams.Length;
        }

        return outcomes;
    }

    private static StatementParameter<CombinedUnits> Column<T>(Func<CombinedUnits, T[]?> values, NpgsqlDbType type) =>
        StatementParameter<CombinedUnits>.Of(values, NpgsqlDbType.Array | type);
}
