using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Sends the events of a unit of work: one call of a function in the database, with an array a column.</summary>
internal sealed class Append(SqlIdentifier schema)
{
    private const string CommitColumn = "commit";

    private readonly string _append =
        $"select {schema}.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) as {CommitColumn}";

    private readonly string _lock = $"select {schema}.lock_streams($1, $2, $3, $4, $5, $6)";

    /// <summary>
    /// Adds the statement that locks the streams and makes all checks, for a unit that does more than append: it stands before the documents.
    /// </summary>
    /// <param name="batch">The batch of the unit.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="foldedVersions">Per stream of the unit: the version up to which inline views were folded; -1 where there are none.</param>
    public void AddLock(NpgsqlBatch batch, EventUnit unit, long[] foldedVersions) => batch.Add(_lock)
        .With(unit.TenantId.Value, NpgsqlDbType.Text)
        .With(unit.StreamIds, NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(unit.Expected, NpgsqlDbType.Array | NpgsqlDbType.Bigint)
        .With(foldedVersions, NpgsqlDbType.Array | NpgsqlDbType.Bigint)
        .With(unit.Timestamp, NpgsqlDbType.TimestampTz)
        .With(unit.EventIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    /// <summary>Adds the statement that appends. It stands last: positions are drawn as late as can be.</summary>
    public void AddAppend(NpgsqlBatch batch, EventUnit unit, PayloadWriter payloads)
    {
        var events = unit.Events;
        var streamOrdinals = new int[events.Count];
        var offsets = new int[events.Count];
        var typeNames = new string[events.Count];
        var typeVersions = new int[events.Count];
        var data = new ReadOnlyMemory<byte>[events.Count];
        for (var index = 0; index < events.Count; index++)
        {
            var @event = events[index];
            streamOrdinals[index] = unit.OrdinalOf(@event.Stream);
            offsets[index] = @event.Offset;
            typeNames[index] = @event.Type.Name;
            typeVersions[index] = @event.Type.Version;
            data[index] = Encode(@event, payloads);
        }

        var headers = EncodeHeaders(unit, payloads);
        var command = batch.Add(_append)
            .With(unit.TenantId.Value, NpgsqlDbType.Text)
            .With(unit.StreamIds, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(unit.AggregateTypes, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(unit.Expected, NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(unit.Counts, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(unit.Timestamp, NpgsqlDbType.TimestampTz)
            .WithText(unit.CorrelationId)
            .WithText(unit.CausationId)
            .WithText(unit.UserName)
            .With(streamOrdinals, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(offsets, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(unit.EventIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(typeNames, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(typeVersions, NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(data, NpgsqlDbType.Array | NpgsqlDbType.Jsonb);
        if (headers is null)
            command.WithNull(NpgsqlDbType.Array | NpgsqlDbType.Jsonb);
        else
            command.With(headers, NpgsqlDbType.Array | NpgsqlDbType.Jsonb);
    }

    /// <summary>Reads what <see cref="AddAppend"/> returned; <see langword="null"/> where the row is of another statement.</summary>
    public static Commit? ReadCommit(NpgsqlDataReader row, EventUnit unit)
    {
        if (row.GetName(0) != CommitColumn)
            return null;

        var numbers = row.GetFieldValue<long[]>(0);
        var streams = new Dictionary<StreamId, StreamCommit>(unit.Streams.Length);
        for (var index = 0; index < unit.Streams.Length; index++)
        {
            var before = numbers[index + 1];
            streams[unit.Streams[index].StreamId] = new StreamCommit(before + 1, before + unit.Counts[index]);
        }

        return new Commit(numbers[0], streams);
    }

    private static ReadOnlyMemory<byte> Encode(PendingEvent @event, PayloadWriter payloads)
    {
        if (@event.Encoded is { } encoded)
            return encoded;

        try
        {
            @event.Type.Write(payloads.Begin(), @event.Data);
            return payloads.End();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var location = new EventLocation(@event.Type.Name, @event.Type.Version, @event.Stream.StreamId, Version: 0, Position: 0);
            throw new EventSerializationException(location, payloads.CurrentPath(), failure.Message, failure);
        }
    }

    private static ReadOnlyMemory<byte>[]? EncodeHeaders(EventUnit unit, PayloadWriter payloads)
    {
        if (unit.Headers.Count == 0 && unit.Events.All(static @event => @event.Headers is null))
            return null;

        var encoded = new ReadOnlyMemory<byte>[unit.Events.Count];
        for (var index = 0; index < encoded.Length; index++)
        {
            EventHeaders.Write(payloads.Begin(), EventHeaders.Merge(unit.Headers, unit.Events[index].Headers));
            encoded[index] = payloads.End();
        }

        return encoded;
    }
}
