using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

internal class EventReader(StoreReading reading, TenantId tenantId, SessionGate gate) : IEventReader
{
    protected StoreReading Reading { get; } = reading;

    protected TenantId TenantId { get; } = tenantId;

    protected SessionGate Gate { get; } = gate;

    public Task<IReadOnlyList<IEvent>> FetchStreamAsync(StreamId streamId, CancellationToken cancellationToken = default) =>
        FetchStreamAsync(streamId, StreamSpan.All, cancellationToken);

    public Task<IReadOnlyList<IEvent>> FetchStreamAsync(StreamId streamId, StreamRange range, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(range);
        return FetchStreamAsync(streamId, StreamSpan.Of(range), cancellationToken);
    }

    public IAsyncEnumerable<IEvent> ReadStreamAsync(StreamId streamId, CancellationToken cancellationToken = default)
    {
        Check(streamId);
        return Reading.Streams.ReadAsync(TenantId, streamId, StreamSpan.All, cancellationToken);
    }

    public IAsyncEnumerable<IEvent> ReadStreamAsync(StreamId streamId, StreamRange range, CancellationToken cancellationToken = default)
    {
        Check(streamId);
        ArgumentNullException.ThrowIfNull(range);
        return Reading.Streams.ReadAsync(TenantId, streamId, StreamSpan.Of(range), cancellationToken);
    }

    public IAsyncEnumerable<IEvent> ReadAllAsync(CancellationToken cancellationToken = default) =>
        ReadAllAsync(new LogRange(), cancellationToken);

    public IAsyncEnumerable<IEvent> ReadAllAsync(EventFilter filter, CancellationToken cancellationToken = default) =>
        ReadAllAsync(new LogRange(), filter, cancellationToken);

    public IAsyncEnumerable<IEvent> ReadAllAsync(LogRange range, CancellationToken cancellationToken = default)
    {
        Gate.Check();
        ArgumentNullException.ThrowIfNull(range);
        return Reading.Log.ReadAsync(new LogQuery(filter: null, TenantId), LogSpan.Of(range), range.Progress, cancellationToken);
    }

    public IAsyncEnumerable<IEvent> ReadAllAsync(LogRange range, EventFilter filter, CancellationToken cancellationToken = default)
    {
        Gate.Check();
        ArgumentNullException.ThrowIfNull(range);
        ArgumentNullException.ThrowIfNull(filter);
        return Reading.Log.ReadAsync(new LogQuery(filter, TenantId), LogSpan.Of(range), range.Progress, cancellationToken);
    }

    public Task<IEvent?> FetchEventAsync(Guid id, CancellationToken cancellationToken = default) =>
        FetchEventAsync(id, includeArchived: false, cancellationToken);

    public Task<IEvent?> FetchEventAsync(Guid id, bool includeArchived, CancellationToken cancellationToken = default)
    {
        Gate.Check();
        return Reading.Streams.FetchEventAsync(TenantId, id, includeArchived, cancellationToken);
    }

    public Task<StreamPage> ListStreamsAsync(CancellationToken cancellationToken = default) =>
        ListStreamsAsync(new StreamQuery(), cancellationToken);

    public Task<StreamPage> ListStreamsAsync(StreamQuery query, CancellationToken cancellationToken = default)
    {
        Gate.Check();
        ArgumentNullException.ThrowIfNull(query);
        return Reading.StreamList.FetchAsync(TenantId, query, cancellationToken);
    }

    public Task<StreamState?> FetchStreamStateAsync(StreamId streamId, CancellationToken cancellationToken = default)
    {
        Check(streamId);
        return Reading.Streams.FetchStateAsync(TenantId, streamId, cancellationToken);
    }

    public async Task<T?> AggregateStreamAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class
    {
        Check(streamId);
        return (await FoldAsync(AggregateCatalog.Get<T>(), streamId, StreamSpan.All, isVersioned: false, cancellationToken)
            .ConfigureAwait(false)).Aggregate;
    }

    public async Task<T?> AggregateStreamAsync<T>(StreamId streamId, StreamRange range, CancellationToken cancellationToken = default)
        where T : class
    {
        Check(streamId);
        return (await FoldAsync(AggregateCatalog.Get<T>(), streamId, SpanOf(range), isVersioned: false, cancellationToken)
            .ConfigureAwait(false)).Aggregate;
    }

    public async Task<Versioned<T>?> AggregateStreamVersionedAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class
    {
        Check(streamId);
        return VersionedOf(await FoldAsync(AggregateCatalog.Get<T>(), streamId, StreamSpan.All, isVersioned: true, cancellationToken)
            .ConfigureAwait(false));
    }

    public async Task<Versioned<T>?> AggregateStreamVersionedAsync<T>(
        StreamId streamId, StreamRange range, CancellationToken cancellationToken = default)
        where T : class
    {
        Check(streamId);
        return VersionedOf(await FoldAsync(AggregateCatalog.Get<T>(), streamId, SpanOf(range), isVersioned: true, cancellationToken)
            .ConfigureAwait(false));
    }

    public async Task<Versioned<TState>> FoldAsync<TState>(
        IDecider<TState> decider, StreamId streamId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decider);
        Check(streamId);
        var state = decider.Initial;
        var version = await Reading.Streams
            .VisitAsync(
                TenantId,
                streamId,
                StreamSpan.All,
                @event => state = decider.Evolve(state, @event),
                fold: null,
                isHeaded: true,
                cancellationToken)
            .ConfigureAwait(false);
        return new Versioned<TState>(state, version);
    }

    public async Task<T?> FetchLatestAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class => (await FetchLatestAsync<T>(streamId, isVersioned: false, cancellationToken).ConfigureAwait(false)).Aggregate;

    public async Task<Versioned<T>?> FetchLatestVersionedAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class => VersionedOf(await FetchLatestAsync<T>(streamId, isVersioned: true, cancellationToken).ConfigureAwait(false));

    /// <summary>The aggregates of streams, from their snapshots: <see langword="null"/> if a stream has none.</summary>
    public async Task<Versioned<T>?[]> LoadSnapshotsAsync<T>(IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken)
        where T : class
    {
        if (streamIds.Count == 0)
            return [];

        var type = AggregateCatalog.Get<T>();
        var snapshots = await Reading.InlineSnapshots.FetchAsync(typeof(T), TenantId, streamIds, cancellationToken).ConfigureAwait(false);
        var aggregates = new Versioned<T>?[streamIds.Count];
        for (var index = 0; index < aggregates.Length; index++)
        {
            aggregates[index] = VersionedOf(
                await ReviveAsync(type, streamIds[index], snapshots[index], isVersioned: true, cancellationToken).ConfigureAwait(false));
        }

        return aggregates;
    }

    /// <summary>As <see cref="LoadSnapshotsAsync"/>, as JSON: that of the row, unless there is none that holds all events.</summary>
    public async Task<Versioned<ReadOnlyMemory<byte>>?[]> LoadSnapshotsJsonAsync<T>(
        IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken)
        where T : class
    {
        if (streamIds.Count == 0)
            return [];

        var type = AggregateCatalog.Get<T>();
        var snapshots = await Reading.InlineSnapshots.FetchAsync(typeof(T), TenantId, streamIds, cancellationToken).ConfigureAwait(false);
        var documents = new Versioned<ReadOnlyMemory<byte>>?[streamIds.Count];
        for (var index = 0; index < documents.Length; index++)
        {
            var (streamId, snapshot) = (streamIds[index], snapshots[index]);
            if (snapshot is { Json: { } json, Missing: [], Stream.IsLinked: false })
                documents[index] = new Versioned<ReadOnlyMemory<byte>>(json, snapshot.Stream.Seen);
            else if (await ReviveAsync(type, streamId, snapshot, isVersioned: true, cancellationToken).ConfigureAwait(false)
                is ({ } aggregate, var version))
                documents[index] = new Versioned<ReadOnlyMemory<byte>>(
                    DocumentWriter.Encode(type.Document!, type.Document!.Convert(streamId), aggregate), version);
        }

        return documents;
    }

    private async Task<IReadOnlyList<IEvent>> FetchStreamAsync(StreamId streamId, StreamSpan span, CancellationToken cancellationToken)
    {
        Check(streamId);
        return await Reading.Streams.FetchAsync(TenantId, streamId, span, cancellationToken).ConfigureAwait(false);
    }

    protected void Check(StreamId streamId)
    {
        Gate.Check();
        StreamId.ThrowIfDefault(streamId);
    }

    /// <summary>Makes the aggregate of a snapshot: its document, and the events that it does not hold yet.</summary>
    protected static T? Revive<T>(AggregateType<T> type, StreamId streamId, FetchedSnapshot snapshot)
        where T : class
    {
        var aggregate = snapshot.Json is null
            ? null
            : (T)DocumentReader.Read(type.Document!, type.Document!.Convert(streamId), snapshot.Json);
        foreach (var @event in snapshot.Missing)
            aggregate = type.Fold(aggregate, @event);

        return aggregate;
    }

    /// <summary>A folding that begins with a snapshot; <see langword="null"/> if the type has none.</summary>
    protected LiveFold<T>? TryBegin<T>(AggregateType<T> type)
        where T : class =>
        Reading.SnapshotRules.TryGetValue(typeof(T), out var rule) ? new LiveFold<T>(type, rule) : null;

    private static StreamSpan SpanOf(StreamRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        return range is { From: 1, MaxCount: null, Backwards: false, IncludeArchived: false }
            ? StreamSpan.Of(range)
            : throw new ArgumentException("An aggregate is folded from the first event on: only To and Until may be set.", nameof(range));
    }

    private static Versioned<T>? VersionedOf<T>((T? Aggregate, StoredVersion Version) read)
        where T : class => read.Aggregate is { } aggregate ? new Versioned<T>(aggregate, read.Version) : null;

    private async Task<(T? Aggregate, StoredVersion Version)> FetchLatestAsync<T>(
        StreamId streamId, bool isVersioned, CancellationToken cancellationToken)
        where T : class
    {
        Check(streamId);
        var type = AggregateCatalog.Get<T>();

        // A stream has no snapshot if no document of the aggregate can have its id.
        if (!Reading.InlineSnapshots.Keeps(typeof(T)) || !type.Document!.CanConvert(streamId))
            return await FoldAsync(type, streamId, StreamSpan.All, isVersioned, cancellationToken).ConfigureAwait(false);

        var snapshots = await Reading.InlineSnapshots.FetchAsync(typeof(T), TenantId, [streamId], cancellationToken).ConfigureAwait(false);
        return await ReviveAsync(type, streamId, snapshots[0], isVersioned, cancellationToken).ConfigureAwait(false);
    }

    // No snapshot is kept of a stream with links.
    private async ValueTask<(T? Aggregate, StoredVersion Version)> ReviveAsync<T>(
        AggregateType<T> type, StreamId streamId, FetchedSnapshot snapshot, bool isVersioned, CancellationToken cancellationToken)
        where T : class => snapshot.Stream.IsLinked
            ? await FoldAsync(type, streamId, StreamSpan.All, isVersioned, cancellationToken).ConfigureAwait(false)
            : (Revive(type, streamId, snapshot), snapshot.Stream.Seen);

    private async Task<(T? Aggregate, StoredVersion Version)> FoldAsync<T>(
        AggregateType<T> type, StreamId streamId, StreamSpan range, bool isVersioned, CancellationToken cancellationToken)
        where T : class
    {
        if (range.Until is null && TryBegin(type) is { } fold)
        {
            var head = await Reading.Streams.VisitAsync(TenantId, streamId, range, fold.Add, fold, isVersioned, cancellationToken)
                .ConfigureAwait(false);
            if (range.ToVersion == long.MaxValue && Reading.Snapshots is { } snapshots)
                await fold.KeepAsync(snapshots, cancellationToken).ConfigureAwait(false);

            return (fold.State, head);
        }

        var aggregate = default(T);
        var version = await Reading.Streams
            .VisitAsync(
                TenantId,
                streamId,
                range,
                @event => aggregate = type.Fold(aggregate, @event),
                fold: null,
                isVersioned,
                cancellationToken)
            .ConfigureAwait(false);
        return (aggregate, version);
    }
}
