using FluentEventStore.Aggregates;
using FluentEventStore.Events;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Sessions;

internal class EventReader(StoreReading reading, TenantId tenantId, SessionGate gate) : IEventReader
{
    protected StoreReading Reading { get; } = reading;

    protected TenantId TenantId { get; } = tenantId;

    protected SessionGate Gate { get; } = gate;

    protected AggregateReader Aggregates => field ??= new AggregateReader(Reading, TenantId);

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

    public async Task<T?> AggregateStreamAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class =>
        (await FoldAsync<T>(streamId, StreamSpan.All, isVersioned: false, cancellationToken).ConfigureAwait(false)).Aggregate;

    public async Task<T?> AggregateStreamAsync<T>(StreamId streamId, StreamRange range, CancellationToken cancellationToken = default)
        where T : class =>
        (await FoldAsync<T>(streamId, SpanOf(range), isVersioned: false, cancellationToken).ConfigureAwait(false)).Aggregate;

    public async Task<Versioned<T>?> AggregateStreamVersionedAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class =>
        VersionedOf(await FoldAsync<T>(streamId, StreamSpan.All, isVersioned: true, cancellationToken).ConfigureAwait(false));

    public async Task<Versioned<T>?> AggregateStreamVersionedAsync<T>(
        StreamId streamId, StreamRange range, CancellationToken cancellationToken = default)
        where T : class =>
        VersionedOf(await FoldAsync<T>(streamId, SpanOf(range), isVersioned: true, cancellationToken).ConfigureAwait(false));

    public async Task<Versioned<TState>> FoldAsync<TState>(
        IDecider<TState> decider, StreamId streamId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decider);
        Check(streamId);
        var (state, version) = await FetchAsync(
            (Aggregates, decider, streamId),
            static (of, found, token) => of.Aggregates.FoldAsync(
                of.streamId, StreamSpan.All, of.decider.Initial, of.decider.Evolve, isVersioned: true, found, token),
            cancellationToken).ConfigureAwait(false);
        return new Versioned<TState>(state, version);
    }

    public async Task<T?> FetchLatestAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class => (await FetchLatestAsync<T>(streamId, isVersioned: false, cancellationToken).ConfigureAwait(false)).Aggregate;

    public Task<T?> FetchLatestAsync<T, TKey>(TKey key, CancellationToken cancellationToken = default)
        where T : class
        where TKey : notnull
    {
        Gate.Check();
        return KeyLookup.Of<T, TKey>(Reading, TenantId, key).FetchAsync(
            async (streamId, token) =>
            {
                var (aggregate, version) = await FetchLatestAsync<T>(streamId, isVersioned: true, token).ConfigureAwait(false);
                return (aggregate, version.Version);
            },
            cancellationToken);
    }

    public async Task<Versioned<T>?> FetchLatestVersionedAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class => VersionedOf(await FetchLatestAsync<T>(streamId, isVersioned: true, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="AggregateReader.LoadSnapshotsAsync"/>
    public async Task<Versioned<T>?[]> LoadSnapshotsAsync<T>(IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken)
        where T : class => streamIds.Count == 0
            ? []
            : await FetchAsync(
                (Aggregates, streamIds),
                static (of, found, token) => of.Aggregates.LoadSnapshotsAsync<T>(of.streamIds, found, token),
                cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="AggregateReader.LoadSnapshotsJsonAsync"/>
    public async Task<Versioned<ReadOnlyMemory<byte>>?[]> LoadSnapshotsJsonAsync<T>(
        IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken)
        where T : class => streamIds.Count == 0
            ? []
            : await FetchAsync(
                (Aggregates, streamIds),
                static (of, found, token) => of.Aggregates.LoadSnapshotsJsonAsync<T>(of.streamIds, found, token),
                cancellationToken).ConfigureAwait(false);

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

    private static StreamSpan SpanOf(StreamRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        return range is { From: 1, MaxCount: null, Backwards: false, IncludeArchived: false }
            ? StreamSpan.Of(range)
            : throw new ArgumentException("An aggregate is folded from the first event on: only To and Until may be set.", nameof(range));
    }

    private static Versioned<T>? VersionedOf<T>((T? Aggregate, StoredVersion Version) read)
        where T : class => read.Aggregate is { } aggregate ? new Versioned<T>(aggregate, read.Version) : null;

    private Task<(T? Aggregate, StoredVersion Version)> FetchLatestAsync<T>(
        StreamId streamId, bool isVersioned, CancellationToken cancellationToken)
        where T : class
    {
        Check(streamId);
        return FetchAsync(
            (Aggregates, Type: AggregateCatalog.Get<T>(), streamId, isVersioned),
            static (of, found, token) => of.Aggregates.FetchLatestAsync(of.Type, of.streamId, of.isVersioned, found, token),
            cancellationToken);
    }

    private Task<(T? Aggregate, StoredVersion Version)> FoldAsync<T>(
        StreamId streamId, StreamSpan range, bool isVersioned, CancellationToken cancellationToken)
        where T : class
    {
        Check(streamId);
        return FetchAsync(
            (Aggregates, Type: AggregateCatalog.Get<T>(), streamId, range, isVersioned),
            static (of, found, token) => of.Aggregates.FoldAsync(of.Type, of.streamId, of.range, of.isVersioned, found, token),
            cancellationToken);
    }
}
