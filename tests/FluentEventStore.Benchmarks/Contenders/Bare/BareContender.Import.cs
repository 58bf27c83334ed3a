using System.Text.Json;
using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>Copies straight into the table, with positions drawn before, in chunks of FluentEventStore's default size.</summary>
internal sealed partial class BareContender : IImporting
{
    private const int EventsOfChunk = 10_000;

    public async Task ImportAsync(Guid[] streams, Payment[] eventsOfEach)
    {
        await using NpgsqlConnection connection = await _database.OpenConnectionAsync();
        foreach (Guid[] some in streams.Chunk(EventsOfChunk / eventsOfEach.Length))
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            (long[] keys, long[] positions) = await PrepareAsync(connection, some, eventsOfEach);
            await using (NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync(CopyEvents))
            {
                for (var row = 0; row < positions.Length; row++)
                    await WriteAsync(importer, positions[row], keys[row / eventsOfEach.Length], row % eventsOfEach.Length, eventsOfEach);

                await importer.CompleteAsync();
            }

            await transaction.CommitAsync();
        }
    }

    private static async Task<(long[] Keys, long[] Positions)> PrepareAsync(
        NpgsqlConnection connection, Guid[] streams, Payment[] eventsOfEach)
    {
        await using var command = new NpgsqlCommand(StartAndDraw, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(streams, stream => stream.ToString("D")) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = eventsOfEach.Length });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = DateTime.UtcNow });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = streams.Length * eventsOfEach.Length });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetFieldValue<long[]>(0), reader.GetFieldValue<long[]>(1));
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter importer, long position, long stream, int index, Payment[] eventsOfEach)
    {
        await importer.StartRowAsync();
        await importer.WriteAsync(position, NpgsqlDbType.Bigint);
        await importer.WriteAsync(stream, NpgsqlDbType.Bigint);
        await importer.WriteAsync(index + 1L, NpgsqlDbType.Bigint);
        await importer.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
        await importer.WriteAsync(EventType, NpgsqlDbType.Text);
        await importer.WriteAsync(1, NpgsqlDbType.Integer);
        await importer.WriteAsync(eventsOfEach[index].At.UtcDateTime, NpgsqlDbType.TimestampTz);
        await importer.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(eventsOfEach[index], BareJson.Default.Payment), NpgsqlDbType.Jsonb);
    }

    private const string StartAndDraw = $"""
        with stream as (
            insert into streams (tenant, id, version, created_at, appended_at)
            select '{Tenant}', incoming.id, $2, $3, $3
            from unnest($1) with ordinality as incoming (id, ordinal)
            order by incoming.ordinal
            returning key
        )
        select (select array_agg(key order by key) from stream), (select array_agg(nextval('positions')) from generate_series(1, $4))
        """;

    private const string CopyEvents =
        "copy events (position, stream, version, id, type, type_version, recorded_at, data) from stdin (format binary)";
}
