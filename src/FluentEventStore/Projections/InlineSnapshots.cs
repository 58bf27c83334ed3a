using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;

namespace FluentEventStore.Projections;

/// <summary>
/// Keeps aggregates as documents, in the unit of work that appends their events. The version of a document's row is the version of the stream that
/// it was folded up to. So a row that lags behind its stream shows itself, whatever the reason, and is caught up from the events.
/// </summary>
internal sealed class InlineSnapshots(
    Database database, SqlIdentifier schema, IEnumerable<AggregateType> types, DocumentTables documents, PersonalData personalData) : IInlineViews
{
    private readonly Dictionary<Type, SnapshotReader> _readers =
        types.ToDictionary(static type => type.ClrType, type => new SnapshotReader(schema, type, documents.Get(type.ClrType), personalData));

    public bool Keeps(Type aggregateType) => _readers.ContainsKey(aggregateType);

    public async Task<FetchedView> FetchAsync(Type aggregateType, TenantId tenantId, StreamId streamId, CancellationToken cancellationToken)
    {
        var fetched = new FetchedViews();
        var reader = _readers[aggregateType];
        reader.Table.Type.Convert(streamId);
        await ReadAsync([new Concern(reader, new PendingStream(streamId))], tenantId, fetched, cancellationToken).ConfigureAwait(false);
        return fetched.TryGet(aggregateType, streamId, out var view) ? view : throw new System.Diagnostics.UnreachableException();
    }

    public async Task<FoldedViews> FoldAsync(EventUnit unit, FetchedViews fetched, CancellationToken cancellationToken)
    {
        if (_readers.Count == 0)
            return FoldedViews.None;

        var events = unit.Events.ToLookup(static pending => pending.Stream);
        var concerns = FindConcerns(unit, events);
        if (concerns.Count == 0)
            return FoldedViews.None;

        await ReadAsync(concerns.FindAll(concern => !fetched.TryGet(concern.Type.ClrType, concern.StreamId, out _)), unit.TenantId, fetched, cancellationToken)
            .ConfigureAwait(false);

        var versions = FoldedViews.NoVersions(unit);
        var changes = new List<DocumentChange>(concerns.Count);
        foreach (var concern in concerns)
        {
            fetched.TryGet(concern.Type.ClrType, concern.StreamId, out var view);
            if (view!.AggregateType is { } started && started != concern.Type.Name)
                continue;

            // Two views of one stream that were read at different versions cannot both hold: the lower one makes the database refuse the unit.
            ref var version = ref versions[unit.OrdinalOf(concern.Stream) - 1];
            version = version < 0 ? view.StreamVersion : Math.Min(version, view.StreamVersion);
            if (Fold(concern, view, unit, events[concern.Stream]) is { } change)
                changes.Add(change);
        }

        return new FoldedViews(versions, changes);
    }

    public IEnumerable<DocumentChange> RemovalsFor(EventUnit? unit) =>
        from change in unit?.Changes ?? []
        where change.Erases
        from reader in _readers.Values
        where reader.Table.Type.CanConvert(change.Stream.StreamId)
        select new DocumentChange(reader.Table, DocumentChangeKind.Delete, reader.Table.Type.Convert(change.Stream.StreamId), null, 0, 0);

    /// <summary>
    /// A snapshot concerns a stream that gets an event it handles, unless the stream was started for another aggregate, or has an id that the
    /// aggregate's documents cannot have.
    /// </summary>
    private List<Concern> FindConcerns(EventUnit unit, ILookup<PendingStream, PendingEvent> events)
    {
        List<Concern> concerns = [];
        foreach (var reader in _readers.Values)
        {
            foreach (var stream in unit.Streams)
            {
                if ((stream.AggregateType ?? reader.Type.Name) == reader.Type.Name
                    && events[stream].Any(pending => MayHandle(reader.Type, pending))
                    && CanKeep(reader, stream))
                {
                    concerns.Add(new Concern(reader, stream));
                }
            }
        }

        return concerns;
    }

    // What an old shape is folded as is known only when it is upcast: with the version that the stream turns out to be at.
    private static bool MayHandle(AggregateType type, PendingEvent pending) =>
        pending.Type.Current != pending.Type || type.Handles(pending.Data);

    private static bool CanKeep(SnapshotReader reader, PendingStream stream)
    {
        // Who names the aggregate means its snapshot too, and is told that there can be none.
        if (stream.AggregateType is not null)
            reader.Table.Type.Convert(stream.StreamId);

        return reader.Table.Type.CanConvert(stream.StreamId);
    }

    private async Task ReadAsync(List<Concern> concerns, TenantId tenantId, FetchedViews fetched, CancellationToken cancellationToken)
    {
        if (concerns.Count == 0)
            return;

        List<List<IEvent>> missing = [];
        using var batch = new Npgsql.NpgsqlBatch();
        var groups = concerns.GroupBy(static concern => concern.Reader).ToList();
        foreach (var group in groups)
            group.Key.AddRead(batch, tenantId, [.. group.Select(static concern => concern.StreamId)]);

        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            foreach (var group in groups)
            {
                missing.AddRange(await group.Key
                    .ReadAsync(rows, tenantId, [.. group.Select(static concern => concern.StreamId)], fetched, cancellationToken)
                    .ConfigureAwait(false));
            }
        }

        try
        {
            await personalData.OpenAsync(missing, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Views whose events are not decoded must not be folded when the session is saved again.
            fetched.Clear();
            throw;
        }
    }

    private static DocumentChange? Fold(Concern concern, FetchedView view, EventUnit unit, IEnumerable<PendingEvent> events)
    {
        var type = concern.Type;
        var id = type.Document!.Convert(concern.StreamId);
        var aggregate = view.Json is null ? null : DocumentReader.Read(type.Document, id, view.Json);
        foreach (var @event in view.Missing)
            aggregate = type.Fold(aggregate, @event);

        var version = view.StreamVersion;
        foreach (var pending in events)
            aggregate = type.Fold(aggregate, unit.Foresee(pending, ++version));

        return (aggregate, view.Json) switch
        {
            (null, null) => null,
            (null, _) => Change(DocumentChangeKind.DeleteView),
            (_, null) => Change(DocumentChangeKind.InsertView),
            _ => Change(DocumentChangeKind.UpdateView),
        };

        DocumentChange Change(DocumentChangeKind kind) => new(concern.Reader.Table, kind, id, aggregate, view.DocumentVersion, version);
    }

    private readonly record struct Concern(SnapshotReader Reader, PendingStream Stream)
    {
        public AggregateType Type => Reader.Type;

        public StreamId StreamId => Stream.StreamId;
    }
}
