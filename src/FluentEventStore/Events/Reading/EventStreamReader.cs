using System.Runtime.CompilerServices;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Reads the events of one stream.</summary>
internal sealed class EventStreamReader(Database database, SqlIdentifier schema, PersonalData personalData)
{
    private const int PageSize = 500;

    private readonly string _forwards = StreamSql.Read(schema, "", "asc");
    private readonly string _backwards = StreamSql.Read(schema, "", "desc");
    private readonly string _forwardsUntil = StreamSql.Read(schema, "and e.recorded_at <= $7", "asc");
    private readonly string _backwardsUntil = StreamSql.Read(schema, "and e.recorded_at <= $7", "desc");
    private readonly string _linkedForwards = StreamSql.ReadLinked(schema, "", "asc");
    private readonly string _linkedBackwards = StreamSql.ReadLinked(schema, "", "desc");
    private readonly string _linkedForwardsUntil = StreamSql.ReadLinked(schema, "and e.recorded_at <= $7", "asc");
    private readonly string _linkedBackwardsUntil = StreamSql.ReadLinked(schema, "and e.recorded_at <= $7", "desc");
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
    /// <remarks>A stream with links takes a second round trip.</remarks>
    public async Task VisitAsync(
        TenantId tenantId, StreamId streamId, StreamRange range, Action<IEvent> visit, CancellationToken cancellationToken)
    {
        var isLinked = false;
        do
        {
            var events = new EventQueue(personalData, visit);
            var batch = new NpgsqlBatch();
            await using (batch.ConfigureAwait(false))
            {
                AddRead(batch, tenantId, streamId, range, isLinked);
                var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
                await using (rows.ConfigureAwait(false))
                    isLinked = await HasLinksAsync(rows, tenantId, streamId, events, cancellationToken).ConfigureAwait(false);
            }

            await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        }
        while (isLinked);
    }

    /// <summary>As <see cref="VisitAsync(TenantId, StreamId, StreamRange, Action{IEvent}, CancellationToken)"/> for the whole stream, for somebody who is going to append.</summary>
    /// <returns>The version that the stream is at, also where its events are hidden; 0 where there is no stream.</returns>
    public async Task<long> VisitForWritingAsync(TenantId tenantId, StreamId streamId, Action<IEvent> visit, CancellationToken cancellationToken)
    {
        var version = 0L;
        bool isLinked;
        var events = new EventQueue(personalData, Visit);
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
                isLinked = await HasLinksAsync(rows, tenantId, streamId, events, cancellationToken).ConfigureAwait(false);
            }
        }

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        if (isLinked)
            await VisitAsync(tenantId, streamId, StreamRange.All, Visit, cancellationToken).ConfigureAwait(false);

        return version;

        void Visit(IEvent @event)
        {
            visit(@event);
            version = Math.Max(version, @event.Link?.Version ?? @event.Version);
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

            range = range.Beyond(page[^1].Link?.Version ?? page[^1].Version, page.Count);
        }
    }

    /// <summary>Reads one event of the tenant by its id; <see langword="null"/> where it is not there or hidden.</summary>
    public async Task<IEvent?> FetchEventAsync(TenantId tenantId, Guid id, bool includeArchived, CancellationToken cancellationToken)
    {
        var found = default(IEvent);
        var events = new EventQueue(personalData, @event => found = @event);
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

    /// <summary>Reads the events of a result; <see langword="true"/> where it says that the stream has links and is to be read with them.</summary>
    private async Task<bool> HasLinksAsync(
        NpgsqlDataReader rows, TenantId tenantId, StreamId streamId, EventQueue events, CancellationToken cancellationToken)
    {
        using var reader = new EventRowReader(rows, tenantId, streamId, personalData);
        if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            return false;

        if (EventRowReader.IsNull(rows))
            return true;

        do
            events.Add(reader.Read());
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false));
        return false;
    }

    private void AddRead(NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamRange range, bool isLinked = false)
    {
        var sql = (isLinked, range.IsBackwards, range.Until) switch
        {
            (false, false, null) => _forwards,
            (false, true, null) => _backwards,
            (false, false, not null) => _forwardsUntil,
            (false, true, not null) => _backwardsUntil,
            (true, false, null) => _linkedForwards,
            (true, true, null) => _linkedBackwards,
            (true, false, not null) => _linkedForwardsUntil,
            (true, true, not null) => _linkedBackwardsUntil,
        };
        var command = batch.Add(sql)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(streamId.Value, NpgsqlDbType.Text)
            .With(range.FromVersion, NpgsqlDbType.Bigint)
            .With(range.ToVersion, NpgsqlDbType.Bigint)
            .With(range.MaxCount, NpgsqlDbType.Integer)
            .With(StreamStates.Seen(range.IncludesArchived), NpgsqlDbType.Smallint);
        if (range.Until is { } until)
            command.With(until.ToUniversalTime(), NpgsqlDbType.TimestampTz);
    }
}
