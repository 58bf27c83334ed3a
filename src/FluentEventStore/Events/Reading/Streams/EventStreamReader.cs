using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>Reads the events of one stream.</summary>
internal sealed class EventStreamReader(Database database, SqlIdentifier schema, PersonalData personalData, PageBounds bounds)
{
    private readonly StreamSql _sql = new(schema);

    public async Task<List<IEvent>> FetchAsync(TenantId tenantId, StreamId streamId, StreamSpan range, CancellationToken cancellationToken)
    {
        var events = new List<IEvent>();
        await VisitAsync(tenantId, streamId, range, events.Add, cancellationToken).ConfigureAwait(false);
        return events;
    }

    /// <summary>
    /// Passes each event to the visitor as it arrives, in one round trip. Events are held only if keys of personal data have to be fetched.
    /// </summary>
    /// <remarks>A stream with links takes a second round trip.</remarks>
    public Task VisitAsync(
        TenantId tenantId, StreamId streamId, StreamSpan range, Action<IEvent> visit, CancellationToken cancellationToken) =>
        VisitAsync(tenantId, streamId, range, visit, fold: null, isHeaded: false, cancellationToken);

    /// <inheritdoc cref="VisitAsync(TenantId, StreamId, StreamSpan, Action{IEvent}, CancellationToken)"/>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="range">Which events, forwards.</param>
    /// <param name="visit">Gets each event after the snapshot with which the folding begins.</param>
    /// <param name="fold">What may begin with a snapshot; <see langword="null"/> reads all events.</param>
    /// <param name="isHeaded">Whether to tell which state of the stream was read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// The state, from the statement that read the events; <see langword="default"/> if the stream is not seen, or it is not to be told.
    /// </returns>
    public async Task<StoredVersion> VisitAsync(
        TenantId tenantId,
        StreamId streamId,
        StreamSpan range,
        Action<IEvent> visit,
        SnapshotFold? fold,
        bool isHeaded,
        CancellationToken cancellationToken)
    {
        var head = default(StoredVersion);
        var kind = EventRowKind.Start;
        while (kind != EventRowKind.None)
        {
            var isLinked = kind == EventRowKind.Linked;
            var events = new EventQueue(personalData, visit);
            using var batch = new NpgsqlBatch();
            AddRead(batch, tenantId, streamId, range, (isLinked ? StreamShape.Linked : 0) | (isHeaded ? StreamShape.Headed : 0), fold);
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                using var reader = new EventRowReader(rows, tenantId, streamId, events, fold: fold);
                kind = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                head = reader.Head;

                // Links that lead nowhere any more have taken the place of events.
                if (isLinked && reader.RowCount == range.MaxCount && reader.EventCount < reader.RowCount)
                    (kind, range) = (EventRowKind.Linked, range.Beyond(reader.LastVersion, reader.EventCount));
            }

            await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);

            // There is no second try with a snapshot: not if it did not fit, nor for a stream with links.
            fold = null;
        }

        return head;
    }

    /// <summary>
    /// As <see cref="VisitAsync(TenantId, StreamId, StreamSpan, Action{IEvent}, CancellationToken)"/> for the whole stream, before
    /// appending to it.
    /// </summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="visit">Gets each event after the snapshot with which the folding begins.</param>
    /// <param name="fold">What may begin with a snapshot; <see langword="null"/> reads all events.</param>
    /// <param name="isHeaded">Whether to tell which state of the stream was read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// The version of the stream, even if its events are hidden; 0 if there is no stream. And the state that was read;
    /// <see langword="default"/> if the stream is not seen, or it is not to be told.
    /// </returns>
    public async Task<(long Version, StoredVersion Head)> VisitForWritingAsync(
        TenantId tenantId,
        StreamId streamId,
        Action<IEvent> visit,
        SnapshotFold? fold,
        bool isHeaded,
        CancellationToken cancellationToken)
    {
        var version = 0L;
        StoredVersion head;
        EventRowKind kind;
        var events = new EventQueue(personalData, Visit);
        using var batch = new NpgsqlBatch();

        // The version first: an event that comes between the two statements is seen by the second, and has the newer version.
        _sql.AddVersion(batch, tenantId, streamId);
        AddRead(batch, tenantId, streamId, StreamSpan.All, isHeaded ? StreamShape.Headed : StreamShape.None, fold);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            if (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                version = rows.GetInt64(0);

            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            using var reader = new EventRowReader(rows, tenantId, streamId, events, fold: fold);
            kind = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            head = reader.Head;
        }

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        version = Math.Max(version, fold?.KeptVersion ?? 0);
        if (kind != EventRowKind.None)
            head = await VisitAsync(tenantId, streamId, StreamSpan.All, Visit, fold: null, isHeaded, cancellationToken)
                .ConfigureAwait(false);

        // What is told is what is expected when the decision is saved.
        return (head.Version > 0 ? head.Version : version, head);

        void Visit(IEvent @event)
        {
            visit(@event);
            version = Math.Max(version, @event.Link?.Version ?? @event.Version);
        }
    }

    /// <summary>Reads in pages, each a round trip with a connection of its own.</summary>
    public IAsyncEnumerable<IEvent> ReadAsync(
        TenantId tenantId, StreamId streamId, StreamSpan range, CancellationToken cancellationToken) =>
        new StreamPager(database, _sql, personalData, bounds).ReadAsync(tenantId, streamId, range, cancellationToken);

    /// <summary>Reads one event of the tenant by its id; <see langword="null"/> if it is not there or hidden.</summary>
    public async Task<IEvent?> FetchEventAsync(TenantId tenantId, Guid id, bool includeArchived, CancellationToken cancellationToken)
    {
        var found = new List<IEvent>(1);
        var events = new EventQueue(personalData, found);
        using var batch = new NpgsqlBatch();
        _sql.AddEvent(batch, tenantId, id, includeArchived);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            using var reader = new EventRowReader(rows, tenantId, default, events);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        return found.Count == 0 ? null : found[0];
    }

    public async Task<StreamState?> FetchStateAsync(TenantId tenantId, StreamId streamId, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        _sql.AddState(batch, tenantId, streamId);
        return await database.ReadFirstAsync(batch, StreamStateReader.Read, cancellationToken).ConfigureAwait(false);
    }

    // A stream with links has no snapshot.
    private void AddRead(
        NpgsqlBatch batch, TenantId tenantId, StreamId streamId, StreamSpan range, StreamShape shape, SnapshotFold? fold)
    {
        if (fold is null)
            _sql.Add(batch, tenantId, streamId, range, shape);
        else
            _sql.AddFold(batch, tenantId, streamId, range, shape, fold);
    }
}
