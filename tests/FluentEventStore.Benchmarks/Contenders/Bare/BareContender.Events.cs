using System.Text.Json;
using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class BareContender : IAppending, IReading, IDeciding
{
    private const string EventType = "payment";

    public Task StartStreamAsync(Guid stream, Payment[] events) => AppendAsync(stream, events);

    public async Task AppendAsync(Guid stream, Payment[] events)
    {
        await using NpgsqlCommand command = _database.CreateCommand(AppendToOne);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream.ToString("D") });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = events.Length });
        AddEvents(command, events, events.Length);
        await ReadCommitAsync(command, 1);
    }

    public async Task StartStreamsAsync(Guid[] streams, Payment[] eventsOfEach)
    {
        var count = streams.Length * eventsOfEach.Length;
        var ids = Array.ConvertAll(streams, stream => stream.ToString("D"));
        var streamOf = new string[count];
        var number = new long[count];
        for (var index = 0; index < count; index++)
        {
            streamOf[index] = ids[index / eventsOfEach.Length];
            number[index] = (index % eventsOfEach.Length) + 1;
        }

        await using NpgsqlCommand command = _database.CreateCommand(AppendToMany);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ids });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = eventsOfEach.Length });
        AddEvents(command, eventsOfEach, count);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = streamOf });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = number });
        await ReadCommitAsync(command, streams.Length);
    }

    public async Task<int> ReadStreamAsync(Guid stream) => (await FetchAsync(stream)).Count;

    public async Task<int> DecideAsync(Guid stream, Payment decided)
    {
        List<Row> events = await FetchAsync(stream);
        await AppendAsync(stream, [decided]);
        return events.Count;
    }

    private static void AddEvents(NpgsqlCommand command, Payment[] events, int count)
    {
        var ids = new Guid[count];
        var json = new ReadOnlyMemory<byte>[count];
        DateTime now = DateTime.UtcNow;
        for (var index = 0; index < count; index++)
        {
            ids[index] = Guid.CreateVersion7();
            json[index] = JsonSerializer.SerializeToUtf8Bytes(events[index % events.Length], BareJson.Default.Payment);
        }

        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = EventType });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        command.Parameters.Add(
            new NpgsqlParameter<ReadOnlyMemory<byte>[]> { TypedValue = json, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
    }

    private static async Task ReadCommitAsync(NpgsqlCommand command, int streams)
    {
        var seen = 0;
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            _ = new Commit(reader.GetInt64(0), reader.GetInt64(1));
            seen++;
        }

        if (seen != streams)
            throw new InvalidOperationException($"{streams} streams were sent and {seen} came back.");
    }

    private async Task<List<Row>> FetchAsync(Guid stream)
    {
        await using NpgsqlCommand command = _database.CreateCommand(ReadOne);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream.ToString("D") });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<Row> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(new Row(
                reader.GetInt64(0),
                reader.GetInt64(1),
                reader.GetGuid(2),
                reader.GetString(3),
                reader.GetInt32(4),
                reader.GetDateTime(5),
                reader.GetFieldValue<byte[]>(6)));
        }

        return rows;
    }

    private sealed record Commit(long Version, long Position);

    private sealed record Row(long Version, long Position, Guid Id, string Type, int TypeVersion, DateTime RecordedAt, byte[] Data);

    private const string AppendToOne = $"""
        with stream as (
            insert into streams as s (tenant, id, version, created_at, appended_at)
            values ('{Tenant}', $1, $2, $3, $3)
            on conflict (tenant, id) do update set version = s.version + excluded.version, appended_at = excluded.appended_at
            returning key, version
        ), written as (
            insert into events (position, stream, version, id, type, type_version, recorded_at, data)
            select nextval('positions'), stream.key, stream.version - $2 + e.number, e.id, $4, 1, $3, e.data
            from stream, unnest($5, $6) with ordinality as e (id, data, number)
            returning position
        )
        select stream.version, (select max(position) from written) from stream
        """;

    private const string AppendToMany = $"""
        with stream as (
            insert into streams as s (tenant, id, version, created_at, appended_at)
            select '{Tenant}', incoming, $2, $3, $3 from unnest($1) as incoming order by incoming
            on conflict (tenant, id) do update set version = s.version + excluded.version, appended_at = excluded.appended_at
            returning key, id, version
        ), written as (
            insert into events (position, stream, version, id, type, type_version, recorded_at, data)
            select nextval('positions'), stream.key, stream.version - $2 + e.number, e.id, $4, 1, $3, e.data
            from unnest($5, $6, $7, $8) as e (id, data, stream, number)
            join stream on stream.id = e.stream
            returning stream, position
        )
        select stream.version, written.position
        from stream join (select stream, max(position) as position from written group by stream) as written on written.stream = stream.key
        """;

    private const string ReadOne = $"""
        select e.version, e.position, e.id, e.type, e.type_version, e.recorded_at, e.data
        from streams as s join events as e on e.stream = s.key
        where s.tenant = '{Tenant}' and s.id = $1
        order by e.version
        """;
}
