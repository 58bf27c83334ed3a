using System.Runtime.CompilerServices;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Reads the events of one stream.</summary>
internal sealed class EventStreamReader(Database database, SqlIdentifier schema, PersonalData personalData)
{
    private const int PageSize = 500;

    private readonly string _forwards = ReadSql(schema, "", "asc");
    private readonly string _backwards = ReadSql(schema, "", "desc");
    private readonly string _forwardsUntil = ReadSql(schema, "and e.recorded_at <= $6", "asc");
    private readonly string _backwardsUntil = ReadSql(schema, "and e.recorded_at <= $6", "desc");
    private readonly string _state = $"""
        select version, created_at, appended_at, aggregate_type, state
        from {schema}.streams
        where tenant = $1
          and id = $2
          and version > 0
        """;

    public async Task<List<IEvent>> FetchAsync(TenantId tenantId, StreamId streamId, StreamRange range, CancellationToken cancellationToken)
    {
        var events = new List<IEvent>();
        await VisitAsync(tenantId, streamId, range, events.Add, cancellationToken).ConfigureAwait(false);
        return events;
    }

    /// <summary>Hands each event to the visitor as it arrives, in one round trip and without holding them, unless keys of personal data have to be fetched.</summary>
    public async Task VisitAsync(
        TenantId tenantId, StreamId streamId, StreamRange range, Action<IEvent> visit, CancellationToken cancellationToken)
    {
        var events = new EventQueue(personalData, tenantId, visit);
        var batch = CreateBatch(tenantId, streamId, range);
        await using (batch.ConfigureAwait(false))
        {
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                using var reader = new EventRowReader(rows, tenantId, streamId, personalData);
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    events.Add(reader.Read());
            }
        }

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads in pages, each a round trip with a connection of its own: a slow consumer holds neither a connection nor a snapshot.</summary>
    public async IAsyncEnumerable<IEvent> ReadAsync(
        TenantId tenantId, StreamId streamId, StreamRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (range.MaxCount > 0)
        {
            var page = await FetchAsync(tenantId, streamId, range with { MaxCount = Math.Min(PageSize, range.MaxCount) }, cancellationToken)
                .ConfigureAwait(false);
            foreach (var @event in page)
                yield return @event;

            if (page.Count < PageSize)
                yield break;

            range = range.Beyond(page[^1].Version, page.Count);
        }
    }

    public async Task<StreamState?> FetchStateAsync(TenantId tenantId, StreamId streamId, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.Add(_state).With(tenantId.Value, NpgsqlDbType.Text).With(streamId.Value, NpgsqlDbType.Text);
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    return null;

                return new StreamState(
                    streamId,
                    Version: rows.GetInt64(0),
                    Created: rows.GetFieldValue<DateTimeOffset>(1),
                    LastAppended: rows.GetFieldValue<DateTimeOffset>(2),
                    AggregateType: rows.IsDBNull(3) ? null : rows.GetString(3),
                    IsArchived: rows.GetInt16(4) == StreamStates.Archived);
            }
        }
    }

    private NpgsqlBatch CreateBatch(TenantId tenantId, StreamId streamId, StreamRange range)
    {
        var batch = new NpgsqlBatch();
        var command = batch.Add((range.IsBackwards, range.Until) switch
        {
            (false, null) => _forwards,
            (true, null) => _backwards,
            (false, not null) => _forwardsUntil,
            (true, not null) => _backwardsUntil,
        });
        command
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(streamId.Value, NpgsqlDbType.Text)
            .With(range.FromVersion, NpgsqlDbType.Bigint)
            .With(range.ToVersion, NpgsqlDbType.Bigint)
            .With(range.MaxCount, NpgsqlDbType.Integer);
        if (range.Until is { } until)
            command.With(until.ToUniversalTime(), NpgsqlDbType.TimestampTz);

        return batch;
    }

    private static string ReadSql(SqlIdentifier schema, string condition, string direction) => $"""
        select {EventRowReader.Columns}
        from {schema}.events e
        where e.stream = (select s.key from {schema}.streams s where s.tenant = $1 and s.id = $2)
          and e.version >= $3
          and e.version <= $4
          {condition}
        order by e.version {direction}
        limit $5
        """;
}
