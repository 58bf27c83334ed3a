using System.Text.Json;
using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class BareContender : IStoring
{
    public async Task StoreAsync(PaymentDocument[] documents)
    {
        var ids = new Guid[documents.Length];
        var json = new ReadOnlyMemory<byte>[documents.Length];
        for (var index = 0; index < documents.Length; index++)
        {
            ids[index] = documents[index].Id;
            json[index] = JsonSerializer.SerializeToUtf8Bytes(documents[index], BareJson.Default.PaymentDocument);
        }

        await using NpgsqlCommand command = _database.CreateCommand(Upsert);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        command.Parameters.Add(
            new NpgsqlParameter<ReadOnlyMemory<byte>[]> { TypedValue = json, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = DateTime.UtcNow });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<bool> LoadAsync(Guid id)
    {
        await using NpgsqlCommand command = _database.CreateCommand(LoadOne);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() && reader.GetFieldValue<byte[]>(0).Length > 0;
    }

    private const string Upsert = $"""
        insert into doc_payment as stored (tenant, id, data, version, created_at, modified_at, type)
        select '{Tenant}', incoming.id, incoming.data, 1, $3, $3, 'payment'
        from unnest($1, $2) as incoming (id, data)
        order by incoming.id
        on conflict (tenant, id) do update
        set data = excluded.data, version = stored.version + 1, modified_at = excluded.modified_at, deleted_at = null
        """;

    private const string LoadOne = $"""
        select data, version from doc_payment where tenant = '{Tenant}' and id = $1 and deleted_at is null
        """;
}
