using FluentEventStore.Aggregates;
using FluentEventStore.Events;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Sessions;

internal sealed class EventOperations(StoreContext context, TenantId tenantId, SessionGate gate, UnitOfWork unit)
    : EventReader(context.Reading, tenantId, gate), IEventOperations
{
    private PendingAppends Pending => unit.Appends;

    public PendingEvents StartStream<TAggregate>(StreamId streamId, params object[] events)
        where TAggregate : class => StartStream<TAggregate>(streamId, (IEnumerable<object>)events);

    public PendingEvents StartStream<TAggregate>(StreamId streamId, IEnumerable<object> events)
        where TAggregate : class
    {
        var (pending, type) = (Pending, AggregateCatalog.Get<TAggregate>());
        return pending.Start(streamId, type.Name, CheckBeginning(type, streamId, events));
    }

    public PendingEvents StartStream(StreamId streamId, params object[] events) => Pending.Start(streamId, aggregateType: null, events);

    public PendingEvents StartStream(StreamId streamId, IEnumerable<object> events) => Pending.Start(streamId, aggregateType: null, events);

    public PendingEvents Append(StreamId streamId, params object[] events) => Pending.Append(streamId, ExpectedVersion.Any, events);

    public PendingEvents Append(StreamId streamId, IEnumerable<object> events) => Pending.Append(streamId, ExpectedVersion.Any, events);

    public PendingEvents Append(StreamId streamId, ExpectedVersion expected, params object[] events) =>
        Pending.Append(streamId, expected, events);

    public PendingEvents Append(StreamId streamId, ExpectedVersion expected, IEnumerable<object> events) =>
        Pending.Append(streamId, expected, events);

    public void Expect(StreamId streamId, ExpectedVersion expected) => Pending.Expect(streamId, expected);

    public void LinkTo(StreamId streamId, params IEvent[] events) => LinkTo(streamId, (IEnumerable<IEvent>)events);

    public void LinkTo(StreamId streamId, IEnumerable<IEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        List<IEvent> linked = [.. events];
        foreach (var @event in linked)
        {
            ArgumentNullException.ThrowIfNull(@event, nameof(events));
            if (@event.StreamId == streamId)
                throw new ArgumentException(
                    $"Event {@event.Id} belongs to stream '{streamId}' itself: a stream does not link to its own events.", nameof(events));
        }

        Pending.Link(streamId, linked.Select(static @event => @event.Id));
    }

    public void LinkTo(StreamId streamId, IEnumerable<Guid> eventIds)
    {
        ArgumentNullException.ThrowIfNull(eventIds);
        Pending.Link(streamId, eventIds);
    }

    public void ArchiveStream(StreamId streamId) => Pending.Change(streamId, StreamVerb.Archive);

    public void UnarchiveStream(StreamId streamId) => Pending.Change(streamId, StreamVerb.Unarchive);

    public void DeleteStream(StreamId streamId) => DeleteStream(streamId, ExpectedVersion.Any);

    public void DeleteStream(StreamId streamId, ExpectedVersion expected) => Pending.Change(streamId, StreamVerb.Delete, expected);

    public void UndeleteStream(StreamId streamId) => Pending.Change(streamId, StreamVerb.Undelete);

    public void TombstoneStream(StreamId streamId) => TombstoneStream(streamId, ExpectedVersion.Any);

    public void TombstoneStream(StreamId streamId, ExpectedVersion expected) => Pending.Change(streamId, StreamVerb.Tombstone, expected);

    public void HardDeleteStream(StreamId streamId) => HardDeleteStream(streamId, ExpectedVersion.Any);

    public void HardDeleteStream(StreamId streamId, ExpectedVersion expected)
    {
        if (!context.Writing.Options.AllowHardDelete)
            throw new InvalidOperationException("To delete streams without a trace, set options.Events.AllowHardDelete.");

        Pending.Change(streamId, StreamVerb.HardDelete, expected);
    }

    public void TruncateStream(StreamId streamId, long beforeVersion)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(beforeVersion, 1);
        Pending.Change(streamId, StreamVerb.Truncate, version: beforeVersion);
    }

    public void CompactStream(StreamId streamId, long upToVersion, object replacement, params Tag[] tags)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(upToVersion, 1);
        ArgumentNullException.ThrowIfNull(tags);
        Pending.Compact(streamId, upToVersion, replacement, tags);
    }

    public async Task<IEventBoundary<T>> FetchForWritingAsync<T>(TagQuery query, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(query);
        Gate.Check();
        var type = AggregateCatalog.Get<T>();
        var (events, boundary) = await FetchAsync(
            (Reading, TenantId, query),
            static async (of, found, token) =>
            {
                var read = await of.Reading.Boundaries.ReadAsync(of.TenantId, of.query, token).ConfigureAwait(false);
                found?.Replay(read.Events.Count);
                return read;
            },
            cancellationToken).ConfigureAwait(false);
        var aggregate = default(T);
        foreach (var @event in events)
            aggregate = type.Fold(aggregate, @event);

        Gate.Check();
        return new EventBoundary<T>(Pending, boundary, aggregate, events);
    }

    public Task<IEventStream<T>> FetchForWritingAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class => FetchForWritingAsync<T>(streamId, ExpectedVersion.Any, cancellationToken);

    public Task<IEventStream<T>> FetchForWritingAsync<T>(
        StreamId streamId, ExpectedVersion expected, CancellationToken cancellationToken = default)
        where T : class => FetchForWritingAsync<T>(streamId, expected, check: null, cancellationToken);

    public async Task<IEventStream<T>> FetchForWritingAsync<T, TKey>(TKey key, CancellationToken cancellationToken = default)
        where T : class
        where TKey : notnull
    {
        Gate.Check();
        var lookup = KeyLookup.Of<T, TKey>(Reading, TenantId, key);
        return await lookup
            .FetchAsync<IEventStream<T>>(
                async (streamId, token) =>
                {
                    var stream = await FetchForWritingAsync<T>(streamId, token).ConfigureAwait(false);
                    return (stream, stream.Version);
                },
                cancellationToken)
            .ConfigureAwait(false) ?? throw new NaturalKeyNotFoundException(lookup.Aggregate, lookup.Value);
    }

    /// <inheritdoc cref="FetchForWritingAsync{T}(StreamId, ExpectedVersion, CancellationToken)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="expected">What is expected.</param>
    /// <param name="check">Is told which state of the stream was read, before anything is made of it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IEventStream<T>> FetchForWritingAsync<T>(
        StreamId streamId, ExpectedVersion expected, Action<StoredVersion>? check, CancellationToken cancellationToken)
        where T : class
    {
        Check(streamId);
        var type = AggregateCatalog.Get<T>();
        var (aggregate, version, head) = await FetchAsync(
            (Operations: this, type, streamId, isHeaded: check is not null),
            static (of, found, token) => of.Operations.FetchAsync(of.type, of.streamId, of.isHeaded, found, token),
            cancellationToken).ConfigureAwait(false);
        Gate.Check();
        check?.Invoke(head);
        if (!expected.Admits(version))
            throw new StreamVersionConflictException(streamId, expected, version);

        return new EventStream<T>(this, type, Pending.Follow(streamId, version), aggregate);
    }

    /// <summary>Folds a stream into any state, for a caller that is going to append.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="initial">The state without events.</param>
    /// <param name="evolve">Folds an event.</param>
    /// <param name="check">Is told which state of the stream was read, once it is folded.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The state, and the version that the stream is at.</returns>
    public async Task<(TState State, long Version)> FoldForWritingAsync<TState>(
        StreamId streamId,
        TState initial,
        Func<TState, IEvent, TState> evolve,
        Action<StoredVersion>? check,
        CancellationToken cancellationToken)
    {
        Check(streamId);
        var (state, version, head) = await FetchAsync(
            (Operations: this, streamId, initial, evolve, isHeaded: check is not null),
            static (of, found, token) => of.Operations.FoldAsync(of.streamId, of.initial, of.evolve, of.isHeaded, found, token),
            cancellationToken).ConfigureAwait(false);
        check?.Invoke(head);
        return (state, version);
    }

    /// <summary>
    /// Appends to a stream that was folded at a version. A stream that begins here belongs to the aggregate that the state is, if it is
    /// one.
    /// </summary>
    public void AppendFolded(Type state, StreamId streamId, long version, IEnumerable<object> events) =>
        AppendAt(AggregateCatalog.Find(state), streamId, version, begins: version == 0, events);

    /// <summary>Appends to a stream that was folded at a version. If there was no aggregate, this begins it.</summary>
    public PendingEvents AppendAt(AggregateType? type, StreamId streamId, long version, bool begins, IEnumerable<object> events) =>
        Pending.AppendAt(streamId, version, type?.Name, begins && type is not null ? CheckBeginning(type, streamId, events) : events);

    private IEnumerable<object> CheckBeginning(AggregateType type, StreamId streamId, IEnumerable<object> events)
    {
        Gate.Check();
        ArgumentNullException.ThrowIfNull(events);
        IReadOnlyList<object> all = events as object[] ?? [.. events];
        Beginning.Check(type, TenantId, streamId, all, context.Writing.Now());
        return all;
    }

    private async Task<(TState State, long Version, StoredVersion Head)> FoldAsync<TState>(
        StreamId streamId,
        TState initial,
        Func<TState, IEvent, TState> evolve,
        bool isHeaded,
        ReadSpan? found,
        CancellationToken cancellationToken)
    {
        var (state, count) = (initial, 0);
        var (version, head) = await Reading.Streams
            .VisitForWritingAsync(TenantId, streamId, Evolve, fold: null, isHeaded, cancellationToken)
            .ConfigureAwait(false);
        found?.Replay(count);
        return (state, version, head);

        void Evolve(IEvent @event)
        {
            state = evolve(state, @event);
            count++;
        }
    }

    private async Task<(T? Aggregate, long Version, StoredVersion Head)> FetchAsync<T>(
        AggregateType<T> type, StreamId streamId, bool isHeaded, ReadSpan? found, CancellationToken cancellationToken)
        where T : class
    {
        if (Reading.KeptSnapshots.Keeps(typeof(T)))
        {
            // Fetching for writing means the snapshot too, so this throws if there can be none.
            type.Document!.Convert(streamId);
            var snapshot = (await Reading.KeptSnapshots.FetchAsync(typeof(T), TenantId, [streamId], cancellationToken)
                .ConfigureAwait(false))[0];
            if (!snapshot.Stream.IsLinked)
            {
                found?.Replay(snapshot.Missing.Count);

                // The missing events are folded now. What that does to them must not be seen when they are folded again for saving.
                if (snapshot.Missing.Count == 0)
                    unit.Fetched.Set(typeof(T), streamId, snapshot);

                return (AggregateReader.Revive(type, streamId, snapshot), snapshot.Stream.Version, snapshot.Stream.Seen);
            }
        }

        if (Aggregates.TryBegin(type) is not { } fold)
            return await FoldAsync<T?>(streamId, initial: null, type.Fold, isHeaded, found, cancellationToken).ConfigureAwait(false);

        var (version, head) = await Reading.Streams
            .VisitForWritingAsync(TenantId, streamId, fold.Add, fold, isHeaded, cancellationToken)
            .ConfigureAwait(false);
        found?.Replay(fold.Count);
        if (Reading.Snapshots is { } snapshots)
            await fold.KeepAsync(snapshots, cancellationToken).ConfigureAwait(false);

        return (fold.State, version, head);
    }
}
