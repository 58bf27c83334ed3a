using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Telemetry;

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
        return FetchAsync(
            (Reading, TenantId, id, includeArchived),
            static async (of, found, token) =>
            {
                var @event = await of.Reading.Streams.FetchEventAsync(of.TenantId, of.id, of.includeArchived, token)
                    .ConfigureAwait(false);
                found?.Events = @event is null ? 0 : 1;
                return @event;
            },
            cancellationToken);
    }

    public Task<StreamPage> ListStreamsAsync(CancellationToken cancellationToken = default) =>
        ListStreamsAsync(new StreamQuery(), cancellationToken);

    public Task<StreamPage> ListStreamsAsync(StreamQuery query, CancellationToken cancellationToken = default)
    {
        Gate.Check();
        ArgumentNullException.ThrowIfNull(query);
        return FetchAsync(
            (Reading, TenantId, query),
            static (of, _, token) => of.Reading.StreamList.FetchAsync(of.TenantId, of.query, token),
            cancellationToken);
    }

    public Task<StreamState?> FetchStreamStateAsync(StreamId streamId, CancellationToken cancellationToken = default)
    {
        Check(streamId);
        return FetchAsync(
            (Reading, TenantId, streamId),
            static (of, _, token) => of.Reading.Streams.FetchStateAsync(of.TenantId, of.streamId, token),
            cancellationToken);
    }

    public Task<T?> AggregateStreamAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class
    {
        Check(streamId);
        return FetchFoldedAsync(AggregateCatalog.Get<T>(), streamId, StreamSpan.All, cancellationToken);
    }

    public Task<T?> AggregateStreamAsync<T>(StreamId streamId, StreamRange range, CancellationToken cancellationToken = default)
        where T : class
    {
        Check(streamId);
        ArgumentNullException.ThrowIfNull(range);
        if (range is not { From: 1, MaxCount: null, Backwards: false, IncludeArchived: false })
            throw new ArgumentException("An aggregate is folded from the first event on: only To and Until may be set.", nameof(range));

        return FetchFoldedAsync(AggregateCatalog.Get<T>(), streamId, StreamSpan.Of(range), cancellationToken);
    }

    public async Task<T?> FetchLatestAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class
    {
        Check(streamId);
        var type = AggregateCatalog.Get<T>();

        // A stream has no snapshot if no document of the aggregate can have its id.
        return Reading.InlineSnapshots.Keeps(typeof(T)) && type.Document!.CanConvert(streamId)
            ? (await LoadSnapshotsAsync(type, [streamId], cancellationToken).ConfigureAwait(false))[0]
            : await FetchFoldedAsync(type, streamId, StreamSpan.All, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The aggregates of streams, from their snapshots: <see langword="null"/> if a stream has none.</summary>
    public async Task<T?[]> LoadSnapshotsAsync<T>(IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken)
        where T : class => await LoadSnapshotsAsync(AggregateCatalog.Get<T>(), streamIds, cancellationToken).ConfigureAwait(false);

    private async Task<IReadOnlyList<IEvent>> FetchStreamAsync(StreamId streamId, StreamSpan span, CancellationToken cancellationToken)
    {
        Check(streamId);
        return await FetchAsync(
            (Reading, TenantId, streamId, span),
            static async (of, found, token) =>
            {
                var events = await of.Reading.Streams.FetchAsync(of.TenantId, of.streamId, of.span, token)
                    .ConfigureAwait(false);
                found?.Events = events.Count;
                return events;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Fetches something in one span, if anybody wants to know.</summary>
    protected Task<T> FetchAsync<TState, T>(
        TState state, Func<TState, ReadSpan?, CancellationToken, Task<T>> fetch, CancellationToken cancellationToken) =>
        Reading.Database.Telemetry.ReadAsync("fetch", TenantId.Value, state, fetch, cancellationToken);

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

    private Task<T?[]> LoadSnapshotsAsync<T>(
        AggregateType<T> type, IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken)
        where T : class =>
        FetchAsync(
            (Reader: this, type, streamIds),
            static (of, found, token) => of.Reader.LoadSnapshotsAsync(of.type, of.streamIds, found, token),
            cancellationToken);

    private async Task<T?[]> LoadSnapshotsAsync<T>(
        AggregateType<T> type, IReadOnlyList<StreamId> streamIds, ReadSpan? found, CancellationToken cancellationToken)
        where T : class
    {
        var snapshots = await Reading.InlineSnapshots.FetchAsync(typeof(T), TenantId, streamIds, cancellationToken).ConfigureAwait(false);
        var aggregates = new T?[streamIds.Count];
        for (var index = 0; index < aggregates.Length; index++)
        {
            aggregates[index] = snapshots[index].Stream.IsLinked
                ? await FoldAsync(type, streamIds[index], StreamSpan.All, found, cancellationToken).ConfigureAwait(false)
                : Revive(type, streamIds[index], snapshots[index]);
            found?.Replay(snapshots[index].Missing.Count);
        }

        return aggregates;
    }

    private Task<T?> FetchFoldedAsync<T>(AggregateType<T> type, StreamId streamId, StreamSpan range, CancellationToken cancellationToken)
        where T : class =>
        FetchAsync(
            (Reader: this, type, streamId, range),
            static (of, found, token) => of.Reader.FoldAsync(of.type, of.streamId, of.range, found, token),
            cancellationToken);

    private async Task<T?> FoldAsync<T>(
        AggregateType<T> type, StreamId streamId, StreamSpan range, ReadSpan? found, CancellationToken cancellationToken)
        where T : class
    {
        if (range.Until is null && TryBegin(type) is { } fold)
        {
            await Reading.Streams.VisitAsync(TenantId, streamId, range, fold.Add, fold, cancellationToken).ConfigureAwait(false);
            if (range.ToVersion == long.MaxValue && Reading.Snapshots is { } snapshots)
                await fold.KeepAsync(snapshots, cancellationToken).ConfigureAwait(false);

            found?.Replay(fold.Count);
            return fold.State;
        }

        var (aggregate, count) = (default(T), 0);
        await Reading.Streams.VisitAsync(TenantId, streamId, range, Fold, cancellationToken).ConfigureAwait(false);
        found?.Replay(count);
        return aggregate;

        void Fold(IEvent @event)
        {
            aggregate = type.Fold(aggregate, @event);
            count++;
        }
    }
}
