using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The events that a session is going to append, in the order of its calls, and the streams they go to.</summary>
internal sealed class PendingAppends(TimeProvider timeProvider, SessionGate gate)
{
    private readonly List<PendingEvent> _events = new(1);

    // Most units of work only have events.
    private List<PendingLink>? _links;
    private List<PendingChange>? _changes;
    private List<PendingBoundary>? _boundaries;
    private PendingReservations? _reservations;
    private SavedUnit? _lastSaved;

    public List<PendingEvent> Events => _events;

    public PendingStreams Streams { get; } = new();

    /// <summary>How often something was added.</summary>
    public long Revision { get; private set; }

    /// <summary>The links to write, after the events.</summary>
    public IReadOnlyList<PendingLink> Links => (IReadOnlyList<PendingLink>?)_links ?? [];

    /// <summary>What is done to streams as a whole.</summary>
    public IReadOnlyList<PendingChange> Changes => (IReadOnlyList<PendingChange>?)_changes ?? [];

    /// <summary>What the unit rests on.</summary>
    public IReadOnlyList<PendingBoundary> Boundaries => (IReadOnlyList<PendingBoundary>?)_boundaries ?? [];

    /// <summary>The values that streams are to hold alone.</summary>
    public PendingReservations Reservations => _reservations ??= new(this);

    public ReservationChange[] DescribeReservations(UnitStream[] streams) => _reservations?.Describe(streams) ?? [];

    /// <summary>Whether keys are needed to encode the events.</summary>
    public bool HoldPersonalData =>
        _events.Exists(static @event => @event.Type.HoldsPersonalData)
        || (_changes?.Exists(static change => change.Replacement is { Type.HoldsPersonalData: true }) ?? false);

    /// <summary>Everything that becomes JSON: the events, and those that replace others.</summary>
    private IEnumerable<PendingEvent> Encoded =>
        _events.Concat(Changes.Select(static change => change.Replacement).OfType<PendingEvent>());

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Streams.Count == 0 && Boundaries.Count == 0;

    /// <summary>
    /// Encodes the events of a unit some of which hold personal data, and encrypts that data: as the events are now, even if they change
    /// while keys are fetched.
    /// </summary>
    /// <exception cref="SubjectForgottenException">A subject was forgotten.</exception>
    /// <exception cref="EventSerializationException">An event has no JSON, or a subject is none.</exception>
    public ValueTask<SealedUnit> SealAsync(PersonalData personalData, TenantId tenantId, CancellationToken cancellationToken)
    {
        var plain = new Dictionary<Guid, byte[]>();
        var drafts = new List<UnitDraft>();
        using var payloads = new JsonWriter();
        foreach (var @event in Encoded)
        {
            if (@event.Type.HoldsPersonalData)
                drafts.Add(new UnitDraft(@event.Id, @event.StandsForOthers, @event.Draft()));
            else
                plain[@event.Id] = @event.Encode(payloads.Reset()).ToArray();
        }

        return personalData.SealAsync(tenantId, plain, drafts, cancellationToken);
    }

    public PendingEvents Start(StreamId streamId, string? aggregateType, IEnumerable<object> events)
    {
        var added = Wrap(streamId, events);
        if (added.Count == 0)
            throw new ArgumentException("A stream is started with at least one event.", nameof(events));

        var stream = Find(streamId);
        stream.CheckOrder(StreamStage.Written);
        stream.Start(aggregateType);
        Keep(stream);
        return Add(stream, added);
    }

    public PendingEvents Append(StreamId streamId, ExpectedVersion expected, IEnumerable<object> events)
    {
        var added = Wrap(streamId, events);
        if (added.Count == 0 && expected == ExpectedVersion.Any)
            return new PendingEvents(this, added);

        // The expectation holds even if there is nothing to append.
        var stream = Find(streamId);
        stream.CheckOrder(added.Count > 0 ? StreamStage.Written : stream.Stage);
        stream.Expect(expected, stream.Count);
        Keep(stream);
        return Add(stream, added);
    }

    /// <summary>Appends to a stream that was read at a version, before any event of the session.</summary>
    public PendingEvents AppendAt(StreamId streamId, long version, string? aggregateType, IEnumerable<object> events)
    {
        var added = Wrap(streamId, events);

        // Appending nothing was decided on the version too.
        var stream = Find(streamId);
        stream.CheckOrder(added.Count > 0 ? StreamStage.Written : stream.Stage);
        stream.ExpectBefore(version);

        // The aggregate type of an existing stream does not change.
        if (version == 0 && added.Count > 0)
            stream.AggregateType ??= aggregateType;

        Keep(stream);
        return Add(stream, added);
    }

    /// <summary>The version of a stream that was read for a decision. It follows what the session saves.</summary>
    public FetchedVersion Follow(StreamId streamId, long version) =>
        new(streamId, version, _lastSaved ??= new SavedUnit(Commit.WithoutEvents));

    public void Enforce(PendingBoundary boundary)
    {
        gate.Check();
        if (Boundaries.Contains(boundary))
            return;

        (_boundaries ??= []).Add(boundary);
        Revision++;
    }

    /// <summary>Expects a version without appending anything.</summary>
    public void Expect(StreamId streamId, ExpectedVersion expected)
    {
        StreamId.ThrowIfDefault(streamId);
        var stream = Find(streamId);
        stream.CheckOrder(stream.Stage);
        stream.Expect(expected, stream.Count + stream.LinkCount);
        Keep(stream);
    }

    /// <summary>Writes the snapshot of a stream without appending anything.</summary>
    public void KeepSnapshot(StreamId streamId, Type aggregateType)
    {
        var stream = Find(streamId);
        stream.Kept = aggregateType;
        Keep(stream);
    }

    public void Link(StreamId streamId, IEnumerable<Guid> eventIds)
    {
        StreamId.ThrowIfDefault(streamId);
        List<Guid> added = [.. eventIds];
        if (added.Contains(Guid.Empty))
            throw new ArgumentException("An event id must not be empty.", nameof(eventIds));

        if (added.Count == 0)
            return;

        var stream = Find(streamId);
        stream.CheckOrder(StreamStage.Written);
        Keep(stream);
        stream.Stage = StreamStage.Written;
        stream.LinkCount += added.Count;
        foreach (var eventId in added)
            (_links ??= []).Add(new PendingLink(stream, eventId));
    }

    public void Change(StreamId streamId, StreamVerb verb, ExpectedVersion expected = default, long version = 0)
    {
        StreamId.ThrowIfDefault(streamId);
        var stream = Find(streamId);
        var stage = StreamChange.StageOf(verb);
        stream.CheckOrder(stage);
        stream.Expect(expected, stream.Count + stream.LinkCount);
        Keep(stream);
        stream.Stage = stage;
        (_changes ??= []).Add(new PendingChange(stream, verb, version));
    }

    public void Compact(StreamId streamId, long upToVersion, object replacement, IEnumerable<Tag> tags)
    {
        var @event = Wrap(streamId, [replacement])[0];
        foreach (var tag in tags)
        {
            Tag.ThrowIfDefault(tag, nameof(tags));
            @event.AddTag(tag);
        }

        var stream = Find(streamId);
        stream.CheckOrder(StreamStage.Changed);
        Keep(stream);
        stream.Stage = StreamStage.Changed;
        @event.Stand(stream);
        (_changes ??= []).Add(new PendingChange(stream, StreamVerb.Compact, upToVersion, @event));
    }

    /// <summary>Gives the events from an index on a cause of their own, and the headers of the session as it is now.</summary>
    public void Stamp(int from, EventCause cause, IReadOnlyDictionary<string, string>? headers)
    {
        foreach (var @event in _events.Skip(from))
        {
            @event.Cause = cause;
            if (headers is { Count: > 0 })
                @event.Headers = new Dictionary<string, string>(EventHeaders.Merge(headers, @event.Headers), StringComparer.Ordinal);
        }
    }

    /// <summary>Refuses a call that the session does not take now.</summary>
    public void CheckOpen() => gate.Check();

    /// <summary>Counts a call as one that adds something.</summary>
    public void Touch() => Revision++;

    /// <summary>Moves on what was read for decisions: what the session itself has saved does not conflict with it.</summary>
    /// <param name="saved">What was saved.</param>
    /// <param name="isOfOthers">Whether another session saved it, under its own conditions.</param>
    public void Follow(Commit saved, bool isOfOthers)
    {
        // Without a fetch, nobody asks what was saved later.
        _lastSaved = _lastSaved?.Then(saved);
        foreach (var boundary in isOfOthers ? [] : Boundaries)
            boundary.Follow(saved);
    }

    public void Clear()
    {
        foreach (var @event in _events)
            @event.IsPending = false;

        Streams.Clear();
        _events.Clear();
        _links?.Clear();
        _changes?.Clear();
        _boundaries?.Clear();
        _reservations?.Clear();
    }

    private List<PendingEvent> Wrap(StreamId streamId, IEnumerable<object> events)
    {
        gate.Check();
        ArgumentNullException.ThrowIfNull(events);
        StreamId.ThrowIfDefault(streamId);
        var added = events.TryGetNonEnumeratedCount(out var count) ? new List<PendingEvent>(count) : [];
        if (events is object[] array)
        {
            foreach (var data in array)
                Wrap(data, added);
        }
        else
        {
            foreach (var data in events)
                Wrap(data, added);
        }

        return added;
    }

    private void Wrap(object? data, List<PendingEvent> events)
    {
        if (data is null)
            throw new ArgumentException($"The event at index {events.Count} is null.", nameof(events));

        if (!EventCatalog.TryGet(data.GetType(), out var type))
        {
            throw new ArgumentException(
                $"The object at index {events.Count} is not an event: {Unregistered.Event(data.GetType())}", nameof(events));
        }

        events.Add(new PendingEvent(data, type, NewId.At(timeProvider.GetUtcNow())));
    }

    /// <summary>The stream for a call that adds something, unless it is refused.</summary>
    private PendingStream Find(StreamId streamId)
    {
        gate.Check();
        return Streams.TryGet(streamId, out var stream) ? stream : new PendingStream(streamId);
    }

    /// <summary>Adds the stream, once the call cannot be refused any more: a refused call adds nothing.</summary>
    private void Keep(PendingStream stream)
    {
        Revision++;
        if (stream.Ordinal > 0)
            return;

        Streams.Add(stream);
    }

    private PendingEvents Add(PendingStream stream, List<PendingEvent> added)
    {
        foreach (var @event in added)
            @event.Place(stream);

        _events.AddRange(added);
        return new PendingEvents(this, added);
    }
}
