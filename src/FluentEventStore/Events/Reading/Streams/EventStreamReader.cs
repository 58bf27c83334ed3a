using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Reads the events of one stream.</summary>
internal sealed class EventStreamReader(Database database, SqlIdentifier schema, PersonalData personalData, PageBounds bounds)
{
    private readonly StreamSql _sql = new(schema);
    private readonly string _state = $"""
        select {StreamStateReader.Columns}
        from {schema}.{EventTables.Streams} s
        where s.tenant = $1
          and s.id = $2
          and s.version > 0
        """;

    private readonly string _version = $"""
        select s.version
        from {schema}.{EventTables.Streams} s
        where s.tenant = $1
          and s.id = $2
        """;

    private readonly string _event = $"""
        select {EventRowReader.ColumnsWith("s.id")}
        from {schema}.{EventTables.Events} e
        cross join lateral (
          select s.id
          from {schema}.{EventTables.Streams} s
          where s.key = e.stream
            and s.tenant = $1
            and s.state <= $3
            and s.truncated_before <= e.version
          offset 0
        ) as s
        where e.id = $2
        """;

    public async Task<List<IEvent>> FetchAsync(TenantId tenantId, StreamId streamId, StreamSpan range, CancellationToken cancellationToken)
    {
        var events = new List<IEvent>();
        await VisitAsync(tenantId, streamId, range, events.Add, cancellationToken).ConfigureAwait(false);
        return events;
    }

    /// <summary>Hands each event to the visitor as it arrives, in one round trip and without holding them, unless keys of personal data have to be fetched.</summary>
    /// <remarks>A stream with links takes a second round trip.</remarks>
    public Task VisitAsync(TenantId tenantId, StreamId streamId, StreamSpan range, Action<IEvent> visit, CancellationToken cancellationToken) =>
        VisitAsync(tenantId, streamId, range, visit, fold: null, cancellationToken);

    /// <inheritdoc cref="VisitAsync(TenantId, StreamId, StreamSpan, Action{IEvent}, CancellationToken)"/>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="range">Which events, forwards.</param>
    /// <param name="visit">Gets each event beyond the state that the folding begins with.</param>
    /// <param name="fold">What may begin with a state that was kept; <see langword="null"/> reads all events.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task VisitAsync(
        TenantId tenantId, StreamId streamId, StreamSpan range, Action<IEvent> visit, SnapshotFold? fold, CancellationToken cancellationToken)
    {
        var isLinked = false;
        bool isDone;
        do
        {
            var events = new EventQueue(personalData, visit);
            using var batch = new NpgsqlBatch();
            AddRead(batch, tenantId, streamId, range, isLinked, fold);
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                if (isLinked)
                    (isDone, range) = await ReadLinkedAsync(rows, tenantId, streamId, range, events, cancellationToken).ConfigureAwait(false);
                else
                    (isDone, isLinked) = await ReadAsync(rows, tenantId, streamId, events, fold, cancellationToken).ConfigureAwait(false);
            }

            await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);

            // Where the state that was kept does not fit, nor for a stream with links, there is no second try.
            fold = null;
        }
        while (!isDone);
    }

    /// <summary>As <see cref="VisitAsync(TenantId, StreamId, StreamSpan, Action{IEvent}, CancellationToken)"/> for the whole stream, for somebody who is going to append.</summary>
    /// <returns>The version that the stream is at, also where its events are hidden; 0 where there is no stream.</returns>
    public async Task<long> VisitForWritingAsync(
        TenantId tenantId, StreamId streamId, Action<IEvent> visit, SnapshotFold? fold, CancellationToken cancellationToken)
    {
        var version = 0L;
        bool isDone;
        var events = new EventQueue(personalData, Visit);
        using var batch = new NpgsqlBatch();

        // The version first: an event that comes between the two statements is seen by the second, and tells the version itself.
        batch.Add(_version).With(tenantId.Value, NpgsqlDbType.Text).With(streamId.Value, NpgsqlDbType.Text);
        AddRead(batch, tenantId, streamId, StreamSpan.All, isLinked: false, fold);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            if (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                version = rows.GetInt64(0);

            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            (isDone, _) = await ReadAsync(rows, tenantId, streamId, events, fold, cancellationToken).ConfigureAwait(false);
        }

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        version = Math.Max(version, fold?.KeptVersion ?? 0);
        if (!isDone)
            await VisitAsync(tenantId, streamId, StreamSpan.All, Visit, cancellationToken).ConfigureAwait(false);

        return version;

        void Visit(IEvent @event)
        {
            visit(@event);
            version = Math.Max(version, @event.Link?.Version ?? @event.Version);
        }
    }

    /// <summary>Reads in pages, each a round trip with a connection of its own.</summary>
    public IAsyncEnumerable<IEvent> ReadAsync(TenantId tenantId, StreamId streamId, StreamSpan range, CancellationToken cancellationToken) =>
        new StreamPager(database, _sql, personalData, bounds).ReadAsync(tenantId, streamId, range, cancellationToken);

    /// <summary>Reads one event of the tenant by its id; <see langword="null"/> where it is not there or hidden.</summary>
    public async Task<IEvent?> FetchEventAsync(TenantId tenantId, Guid id, bool includeArchived, CancellationToken cancellationToken)
    {
        var found = default(IEvent);
        var events = new EventQueue(personalData, @event => found = @event);
        using var batch = new NpgsqlBatch();
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

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        return found;
    }

    public async Task<StreamState?> FetchStateAsync(TenantId tenantId, StreamId streamId, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_state).With(tenantId.Value, NpgsqlDbType.Text).With(streamId.Value, NpgsqlDbType.Text);
        return await database.ReadFirstAsync(batch, StreamStateReader.Read, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the events of a result, unless it says that the stream has links and is to be read with them, or that what was kept does not fit.</summary>
    private async Task<(bool IsDone, bool IsLinked)> ReadAsync(
        NpgsqlDataReader rows, TenantId tenantId, StreamId streamId, EventQueue events, SnapshotFold? fold, CancellationToken cancellationToken)
    {
        using var reader = new EventRowReader(rows, tenantId, streamId, personalData);
        if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            return (true, false);

        if (EventRowReader.IsNull(rows))
            return (false, true);

        if (fold is not null && EventRowReader.IsStart(rows))
        {
            if (!reader.TryBegin(fold))
                return (false, false);

            if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                return (true, false);
        }

        do
            events.Add(reader.Read());
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false));
        return (true, false);
    }

    /// <summary>Reads the events of a result with links.</summary>
    /// <returns>Whether it was the last one, and the range that is left: links that lead nowhere any more have taken the place of events.</returns>
    private async Task<(bool IsDone, StreamSpan Left)> ReadLinkedAsync(
        NpgsqlDataReader rows, TenantId tenantId, StreamId streamId, StreamSpan range, EventQueue events, CancellationToken cancellationToken)
    {
        using var reader = new EventRowReader(rows, tenantId, streamId, personalData);
        var (rowCount, found, last) = (0, 0, 0L);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            (rowCount, last) = (rowCount + 1, reader.VersionOfRow);
            if (!EventRowReader.IsEvent(rows))
                continue;

            events.Add(reader.Read());
            found++;
        }

        return (rowCount < range.MaxCount || found == rowCount, range.Beyond(last, found));
    }

    private void AddRead(NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamSpan range, bool isLinked, SnapshotFold? fold)
    {
        if (fold is null)
            _sql.Add(batch, tenantId, streamId, range, isLinked, weight: null);
        else
            _sql.Add(batch, tenantId, streamId, range, fold);
    }
}
