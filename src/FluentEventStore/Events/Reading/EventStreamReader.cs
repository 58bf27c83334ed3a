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
    private readonly string _forwardsUntil = ReadSql(schema, "and e.recorded_at <= $7", "asc");
    private readonly string _backwardsUntil = ReadSql(schema, "and e.recorded_at <= $7", "desc");
    private readonly string _state = $"""
        select {StreamStateReader.Columns}
        from {schema}.streams s
        where s.tenant = $1
          and s.id = $2
          and s.version > 0
        """;

    private readonly string _version = $"""
        select s.version
        from {schema}.streams s
        where s.tenant = $1
          and s.id = $2
        """;

    private readonly string _event = $"""
        select {EventRowReader.ColumnsWith("s.id")}
        from {schema}.events e
        cross join lateral (
          select s.id
          from {schema}.streams s
          where s.key = e.stream
            and s.tenant = $1
            and s.state <= $3
            and s.truncated_before <= e.version
          offset 0
        ) as s
        where e.id = $2
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
        var batch = new NpgsqlBatch();
        await using (batch.ConfigureAwait(false))
        {
            AddRead(batch, tenantId, streamId, range);
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
                await VisitAsync(rows, tenantId, streamId, events, cancellationToken).ConfigureAwait(false);
        }

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="VisitAsync(TenantId, StreamId, StreamRange, Action{IEvent}, CancellationToken)"/> for the whole stream, for somebody who is going to append.</summary>
    /// <returns>The version that the stream is at, also where its events are hidden; 0 where there is no stream.</returns>
    public async Task<long> VisitForWritingAsync(TenantId tenantId, StreamId streamId, Action<IEvent> visit, CancellationToken cancellationToken)
    {
        var version = 0L;
        var events = new EventQueue(personalData, tenantId, Visit);
        var batch = new NpgsqlBatch();
        await using (batch.ConfigureAwait(false))
        {
            // The version first: an event that comes between the two statements is seen by the second, and tells the version itself.
            batch.Add(_version).With(tenantId.Value, NpgsqlDbType.Text).With(streamId.Value, NpgsqlDbType.Text);
            AddRead(batch, tenantId, streamId, StreamRange.All);
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                if (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    version = rows.GetInt64(0);

                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
                await VisitAsync(rows, tenantId, streamId, events, cancellationToken).ConfigureAwait(false);
            }
        }

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        return version;

        void Visit(IEvent @event)
        {
            visit(@event);
            version = Math.Max(version, @event.Version);
        }
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

    /// <summary>Reads one event of the tenant by its id; <see langword="null"/> where it is not there or hidden.</summary>
    public async Task<IEvent?> FetchEventAsync(TenantId tenantId, Guid id, bool includeArchived, CancellationToken cancellationToken)
    {
        var found = default(IEvent);
        var events = new EventQueue(personalData, tenantId, @event => found = @event);
        var batch = new NpgsqlBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.Add(_event)
                .With(tenantId.Value, NpgsqlDbType.Text)
                .With(id, NpgsqlDbType.Uuid)
                .With(StreamStates.Seen(includeArchived), NpgsqlDbType.Smallint);
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                using var reader = new EventRowReader(rows, tenantId, default, personalData);
                if (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    events.Add(reader.Read());
            }
        }

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        return found;
    }

    public async Task<StreamState?> FetchStateAsync(TenantId tenantId, StreamId streamId, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.Add(_state).With(tenantId.Value, NpgsqlDbType.Text).With(streamId.Value, NpgsqlDbType.Text);
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
                return await rows.ReadAsync(cancellationToken).ConfigureAwait(false) ? StreamStateReader.Read(rows) : null;
        }
    }

    private async Task VisitAsync(
        NpgsqlDataReader rows, TenantId tenantId, StreamId streamId, EventQueue events, CancellationToken cancellationToken)
    {
        using var reader = new EventRowReader(rows, tenantId, streamId, personalData);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            events.Add(reader.Read());
    }

    private void AddRead(NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamRange range)
    {
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
            .With(range.MaxCount, NpgsqlDbType.Integer)
            .With(StreamStates.Seen(range.IncludesArchived), NpgsqlDbType.Smallint);
        if (range.Until is { } until)
            command.With(until.ToUniversalTime(), NpgsqlDbType.TimestampTz);
    }

    // The stream is looked up once, before the scan of its events, which its key and versions bound.
    private static string ReadSql(SqlIdentifier schema, string condition, string direction) => $"""
        with stream as materialized (
          select s.key, greatest(s.truncated_before, $3) as lowest
          from {schema}.streams s
          where s.tenant = $1
            and s.id = $2
            and s.state <= $6
        )
        select {EventRowReader.Columns}
        from {schema}.events e
        where e.stream = (select key from stream)
          and e.version >= (select lowest from stream)
          and e.version <= $4
          {condition}
        order by e.version {direction}
        limit $5
        """;
}
