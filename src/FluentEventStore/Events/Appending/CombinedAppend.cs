using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Sends the events of many units in one call of a function in the database, with an array a column over all of them.</summary>
internal sealed class CombinedAppend(SqlIdentifier schema)
{
    /// <summary>How long a statement of many units waits for a lock that others hold: units that need other streams would wait for nothing.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly string _append = $"""
        select positions, bases, sqlstates, hints
        from {schema}.append_units($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """;

    public void Add(NpgsqlBatch batch, IReadOnlyList<EncodedUnit> units)
    {
        var columns = new Columns(units);
        batch.Add(_append)
            .With(Of(units, static unit => unit.TenantId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(Of(units, static unit => unit.Timestamp), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
            .With(Of(units, static unit => unit.CorrelationId), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(Of(units, static unit => unit.CausationId), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(Of(units, static unit => unit.UserName), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(columns.StreamUnits, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.StreamIds, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(columns.AggregateTypes, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(columns.Expected, NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(columns.Counts, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.EventStreams, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.Offsets, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.EventIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(columns.TypeNames, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(columns.TypeVersions, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(columns.Data, NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .WithArray(columns.Headers, NpgsqlDbType.Jsonb)
            .With(units.Count > 1 ? (int)LongestWait.TotalMilliseconds : 0, NpgsqlDbType.Integer);
    }

    /// <summary>Reads what became of each unit, in their order.</summary>
    public static AppendOutcome[] ReadOutcomes(NpgsqlDataReader row, IReadOnlyList<EncodedUnit> units)
    {
        var positions = row.IsDBNull(0) ? [] : row.GetFieldValue<long[]>(0);
        var bases = row.GetFieldValue<long[]>(1);
        var sqlStates = row.IsDBNull(2) ? null : row.GetFieldValue<string?[]>(2);
        var hints = row.IsDBNull(3) ? null : row.GetFieldValue<string?[]>(3);
        var outcomes = new AppendOutcome[units.Count];
        var (written, stream) = (0, 0);
        for (var index = 0; index < outcomes.Length; index++)
        {
            var unit = units[index].Unit;
            if (sqlStates?[index] is { } sqlState)
            {
                outcomes[index] = new AppendOutcome(new RefusedAppend(sqlState, hints?[index]));
            }
            else
            {
                written += unit.Events.Count;
                outcomes[index] = new AppendOutcome(unit.CommitAt(positions[written - 1], bases.AsSpan(stream, unit.Streams.Length)));
            }

            stream += unit.Streams.Length;
        }

        return outcomes;
    }

    private static T[] Of<T>(IReadOnlyList<EncodedUnit> units, Func<EventUnit, T> value)
    {
        var values = new T[units.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = value(units[index].Unit);

        return values;
    }

    /// <summary>The columns of the streams and events of all units, one after the other.</summary>
    private sealed class Columns
    {
        public Columns(IReadOnlyList<EncodedUnit> units)
        {
            var (streams, events) = (0, 0);
            foreach (var encoded in units)
            {
                streams += encoded.Unit.Streams.Length;
                events += encoded.Unit.Events.Count;
            }

            StreamUnits = new int[streams];
            StreamIds = new string[streams];
            AggregateTypes = new string?[streams];
            Expected = new long[streams];
            Counts = new int[streams];
            EventStreams = new int[events];
            Offsets = new int[events];
            EventIds = new Guid[events];
            TypeNames = new string[events];
            TypeVersions = new int[events];
            Data = new ReadOnlyMemory<byte>[events];
            Headers = units.Any(static encoded => encoded.Headers is not null) ? new ReadOnlyMemory<byte>?[events] : null;
            Fill(units);
        }

        public int[] StreamUnits { get; }

        public string[] StreamIds { get; }

        public string?[] AggregateTypes { get; }

        public long[] Expected { get; }

        public int[] Counts { get; }

        public int[] EventStreams { get; }

        public int[] Offsets { get; }

        public Guid[] EventIds { get; }

        public string[] TypeNames { get; }

        public int[] TypeVersions { get; }

        public ReadOnlyMemory<byte>[] Data { get; }

        public ReadOnlyMemory<byte>?[]? Headers { get; }

        private void Fill(IReadOnlyList<EncodedUnit> units)
        {
            var (stream, @event) = (0, 0);
            for (var index = 0; index < units.Count; index++)
            {
                var encoded = units[index];
                var unit = encoded.Unit;
                StreamUnits.AsSpan(stream, unit.Streams.Length).Fill(index + 1);
                unit.StreamIds.CopyTo(StreamIds, stream);
                unit.AggregateTypes.CopyTo(AggregateTypes, stream);
                unit.Expected.CopyTo(Expected, stream);
                unit.Counts.CopyTo(Counts, stream);
                encoded.Offsets.CopyTo(Offsets, @event);
                unit.EventIds.CopyTo(EventIds, @event);
                encoded.TypeNames.CopyTo(TypeNames, @event);
                encoded.TypeVersions.CopyTo(TypeVersions, @event);
                encoded.Data.CopyTo(Data, @event);
                for (var offset = 0; offset < unit.Events.Count; offset++)
                {
                    EventStreams[@event + offset] = stream + encoded.StreamOrdinals[offset];
                    if (encoded.Headers is { } headers)
                        Headers![@event + offset] = headers[offset];
                }

                stream += unit.Streams.Length;
                @event += unit.Events.Count;
            }
        }
    }
}
