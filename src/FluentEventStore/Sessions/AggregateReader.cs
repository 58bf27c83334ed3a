using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Sessions;

/// <summary>Makes aggregates and other states of a tenant from snapshots and events.</summary>
internal sealed class AggregateReader(StoreReading reading, TenantId tenantId)
{
    /// <summary>The aggregates of streams, from their snapshots: <see langword="null"/> if a stream has none.</summary>
    public async Task<Versioned<T>?[]> LoadSnapshotsAsync<T>(
        IReadOnlyList<StreamId> streamIds, ReadSpan? found, CancellationToken cancellationToken)
        where T : class
    {
        var type = AggregateCatalog.Get<T>();
        var snapshots = await reading.KeptSnapshots.FetchAsync(typeof(T), tenantId, streamIds, cancellationToken).ConfigureAwait(false);
        var aggregates = new Versioned<T>?[streamIds.Count];
        for (var index = 0; index < aggregates.Length; index++)
        {
            var (streamId, snapshot) = (streamIds[index], snapshots[index]);
            if (await ReviveAsync(type, streamId, snapshot, isVersioned: true, found, cancellationToken).ConfigureAwait(false)
                is ({ } aggregate, var version))
                aggregates[index] = new Versioned<T>(aggregate, version);
        }

        found?.Documents = aggregates.Count(static aggregate => aggregate is not null);
        return aggregates;
    }

    /// <summary>As <see cref="LoadSnapshotsAsync"/>, as JSON: that of the row, unless there is none that holds all events.</summary>
    public async Task<Versioned<ReadOnlyMemory<byte>>?[]> LoadSnapshotsJsonAsync<T>(
        IReadOnlyList<StreamId> streamIds, ReadSpan? found, CancellationToken cancellationToken)
        where T : class
    {
        var type = AggregateCatalog.Get<T>();
        var snapshots = await reading.KeptSnapshots.FetchAsync(typeof(T), tenantId, streamIds, cancellationToken).ConfigureAwait(false);
        var documents = new Versioned<ReadOnlyMemory<byte>>?[streamIds.Count];
        found?.Replay(0);
        for (var index = 0; index < documents.Length; index++)
        {
            var (streamId, snapshot) = (streamIds[index], snapshots[index]);
            if (snapshot is { Json: { } json, Missing: [], Stream.IsLinked: false })
                documents[index] = new Versioned<ReadOnlyMemory<byte>>(json, snapshot.Stream.Seen);
            else if (await ReviveAsync(type, streamId, snapshot, isVersioned: true, found, cancellationToken).ConfigureAwait(false)
                is ({ } aggregate, var version))
                documents[index] = new Versioned<ReadOnlyMemory<byte>>(
                    DocumentWriter.Encode(type.Document!, type.Document!.Convert(streamId), aggregate), version);
        }

        found?.Documents = documents.Count(static document => document is not null);
        return documents;
    }

    /// <summary>The aggregate of a stream, in the cheapest way.</summary>
    public async Task<(T? Aggregate, StoredVersion Version)> FetchLatestAsync<T>(
        AggregateType<T> type, StreamId streamId, bool isVersioned, ReadSpan? found, CancellationToken cancellationToken)
        where T : class
    {
        // A stream has no snapshot if no document of the aggregate can have its id.
        if (!reading.KeptSnapshots.Keeps(typeof(T)) || !type.Document!.CanConvert(streamId))
            return await FoldAsync(type, streamId, StreamSpan.All, isVersioned, found, cancellationToken).ConfigureAwait(false);

        var snapshots = await reading.KeptSnapshots.FetchAsync(typeof(T), tenantId, [streamId], cancellationToken).ConfigureAwait(false);
        return await ReviveAsync(type, streamId, snapshots[0], isVersioned, found, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Folds the aggregate of a stream, beginning with its live snapshot if there is one.</summary>
    public async Task<(T? Aggregate, StoredVersion Version)> FoldAsync<T>(
        AggregateType<T> type,
        StreamId streamId,
        StreamSpan range,
        bool isVersioned,
        ReadSpan? found,
        CancellationToken cancellationToken)
        where T : class
    {
        if (range.Until is not null || TryBegin(type) is not { } fold)
            return await FoldAsync<T?>(streamId, range, initial: null, type.Fold, isVersioned, found, cancellationToken)
                .ConfigureAwait(false);

        var head = await reading.Streams.VisitAsync(tenantId, streamId, range, fold.Add, fold, isVersioned, cancellationToken)
            .ConfigureAwait(false);
        if (range.ToVersion == long.MaxValue && reading.Snapshots is { } snapshots)
            await fold.KeepAsync(snapshots, cancellationToken).ConfigureAwait(false);

        found?.Replay(fold.Count);
        return (fold.State, head);
    }

    /// <summary>Folds a stream into any state.</summary>
    public async Task<(TState State, StoredVersion Version)> FoldAsync<TState>(
        StreamId streamId,
        StreamSpan range,
        TState initial,
        Func<TState, IEvent, TState> evolve,
        bool isVersioned,
        ReadSpan? found,
        CancellationToken cancellationToken)
    {
        var (state, count) = (initial, 0);
        var version = await reading.Streams.VisitAsync(tenantId, streamId, range, Evolve, fold: null, isVersioned, cancellationToken)
            .ConfigureAwait(false);
        found?.Replay(count);
        return (state, version);

        void Evolve(IEvent @event)
        {
            state = evolve(state, @event);
            count++;
        }
    }

    /// <summary>A folding that begins with a snapshot; <see langword="null"/> if the type has none.</summary>
    public LiveFold<T>? TryBegin<T>(AggregateType<T> type)
        where T : class =>
        reading.SnapshotRules.TryGetValue(typeof(T), out var rule) ? new LiveFold<T>(type, rule) : null;

    /// <summary>Makes the aggregate of a snapshot: its document, and the events that it does not hold yet.</summary>
    public static T? Revive<T>(AggregateType<T> type, StreamId streamId, FetchedSnapshot snapshot)
        where T : class
    {
        var aggregate = snapshot.Json is null
            ? null
            : (T)DocumentReader.Read(type.Document!, type.Document!.Convert(streamId), snapshot.Json);
        foreach (var @event in snapshot.Missing)
            aggregate = type.Fold(aggregate, @event);

        return aggregate;
    }

    // No snapshot is kept of a stream with links.
    private async ValueTask<(T? Aggregate, StoredVersion Version)> ReviveAsync<T>(
        AggregateType<T> type,
        StreamId streamId,
        FetchedSnapshot snapshot,
        bool isVersioned,
        ReadSpan? found,
        CancellationToken cancellationToken)
        where T : class
    {
        if (snapshot.Stream.IsLinked)
            return await FoldAsync(type, streamId, StreamSpan.All, isVersioned, found, cancellationToken).ConfigureAwait(false);

        found?.Replay(snapshot.Missing.Count);
        return (Revive(type, streamId, snapshot), snapshot.Stream.Seen);
    }
}
