using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Benchmarks.BareApp;

/// <summary>Writes an event as the library does, into the tables of the contender without a library.</summary>
internal static class EventTable
{
    public static async Task AppendAsync(NpgsqlDataSource database, Guid account, Payment payment, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(Append);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = account.ToString("D") });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = DateTime.UtcNow });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7() });
        command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>>
        {
            TypedValue = JsonSerializer.SerializeToUtf8Bytes(payment, PaymentJson.Default.Payment),
            NpgsqlDbType = NpgsqlDbType.Jsonb,
        });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || reader.GetInt64(0) < 1)
            throw new InvalidOperationException("Nothing was written.");
    }

    private const string Append = """
        with stream as (
            insert into streams as s (tenant, id, version, created_at, appended_at)
            values ('default', $1, 1, $2, $2)
            on conflict (tenant, id) do update set version = s.version + 1, appended_at = excluded.appended_at
            returning key, version
        ), written as (
            insert into events (position, stream, version, id, type, type_version, recorded_at, data)
            select nextval('positions'), stream.key, stream.version, $3, 'payment', 1, $2, $4
            from stream
            returning position
        )
        select stream.version, written.position from stream, written
        """;
}
