using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The events that a session is going to append, in the order of its calls, and the streams they go to.</summary>
internal sealed class PendingAppends(TimeProvider timeProvider)
{
    private readonly Dictionary<StreamId, PendingStream> _streams = [];
    private readonly List<PendingEvent> _events = [];
    private readonly List<PendingLink> _links = [];
    private readonly List<StreamChange> _changes = [];
    private readonly List<PendingBoundary> _boundaries = [];

    public IReadOnlyList<PendingEvent> Events => _events;

    public IReadOnlyCollection<PendingStream> Streams => _streams.Values;

    /// <summary>How often something was added.</summary>
    public long Revision { get; private set; }

    /// <summary>The links to write, after the events.</summary>
    public IReadOnlyList<PendingLink> Links => _links;

    /// <summary>What is done to streams as a whole.</summary>
    public IReadOnlyList<StreamChange> Changes => _changes;

    /// <summary>What the unit rests on.</summary>
    public IReadOnlyList<PendingBoundary> Boundaries => _boundaries;

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => _streams.Count == 0 && _boundaries.Count == 0;

    public PendingEvents Start(StreamId streamId, string? aggregateType, IEnumerable<object> events)
    {
        var added = Wrap(streamId, events);
        if (added.Count == 0)
            throw new ArgumentException("A stream is started with at least one event.", nameof(events));

        var stream = Find(streamId);
        stream.CheckOrder(StreamStage.Written);
        stream.Start(aggregateType);
        return Add(stream, added);
    }

    public PendingEvents Append(StreamId streamId, ExpectedVersion expected, IEnumerable<object> events)
    {
        var added = Wrap(streamId, events);
        if (added.Count == 0 && expected == ExpectedVersion.Any)
            return default;

        // What is expected holds also where there turns out to be nothing to append.
        var stream = Find(streamId);
        stream.CheckOrder(added.Count > 0 ? StreamStage.Written : stream.Stage);
        stream.Expect(expected, stream.Count);
        return Add(stream, added);
    }

    /// <summary>Appends to a stream that was read at a version, before any event of the session.</summary>
    public PendingEvents AppendAt(StreamId streamId, long version, string? aggregateType, IEnumerable<object> events)
    {
        var added = Wrap(streamId, events);
        if (added.Count == 0)
            return default;

        var stream = Find(streamId);
        stream.CheckOrder(StreamStage.Written);
        stream.ExpectBefore(version);

        // One that is there already was started for what it was started for.
        if (version == 0)
            stream.AggregateType ??= aggregateType;

        return Add(stream, added);
    }

    public void Enforce(PendingBoundary boundary)
    {
        if (_boundaries.Contains(boundary))
            return;

        _boundaries.Add(boundary);
        Revision++;
    }

    /// <summary>Expects a version without appending anything.</summary>
    public void Expect(StreamId streamId, ExpectedVersion expected)
    {
        RefuseDefault(streamId);
        var stream = Find(streamId);
        stream.CheckOrder(stream.Stage);
        stream.Expect(expected, stream.Count + stream.LinkCount);
    }

    public void Link(StreamId streamId, IEnumerable<Guid> eventIds)
    {
        RefuseDefault(streamId);
        List<Guid> added = [.. eventIds];
        if (added.Contains(Guid.Empty))
            throw new ArgumentException("An event id is not empty.", nameof(eventIds));

        if (added.Count == 0)
            return;

        var stream = Find(streamId);
        stream.CheckOrder(StreamStage.Written);
        stream.Stage = StreamStage.Written;
        stream.LinkCount += added.Count;
        foreach (var eventId in added)
            _links.Add(new PendingLink(stream, eventId));
    }

    public void Change(StreamId streamId, StreamVerb verb, ExpectedVersion expected = default, long version = 0)
    {
        RefuseDefault(streamId);
        var stream = Find(streamId);
        var stage = StreamChange.StageOf(verb);
        stream.CheckOrder(stage);
        stream.Expect(expected, stream.Count + stream.LinkCount);
        stream.Stage = stage;
        _changes.Add(new StreamChange(stream, verb, version));
    }

    public void Compact(StreamId streamId, long upToVersion, object replacement, IEnumerable<Tag> tags)
    {
        var @event = Wrap(streamId, [replacement])[0];
        foreach (var tag in tags)
            @event.AddTag(tag.IsDefault ? throw new ArgumentException("default(Tag) is no tag.", nameof(tags)) : tag);

        var stream = Find(streamId);
        stream.CheckOrder(StreamStage.Changed);
        stream.Stage = StreamStage.Changed;
        @event.Stand(stream);
        _changes.Add(new StreamChange(stream, StreamVerb.Compact, upToVersion, @event));
    }

    public void Clear()
    {
        foreach (var @event in _events)
            @event.IsPending = false;

        _streams.Clear();
        _events.Clear();
        _links.Clear();
        _changes.Clear();
        _boundaries.Clear();
    }

    private List<PendingEvent> Wrap(StreamId streamId, IEnumerable<object> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        RefuseDefault(streamId);
        var added = events.TryGetNonEnumeratedCount(out var count) ? new List<PendingEvent>(count) : [];
        foreach (var data in events)
        {
            if (data is null)
                throw new ArgumentException($"The event at index {added.Count} is null.", nameof(events));

            if (!EventCatalog.TryGet(data.GetType(), out var type))
            {
                throw new ArgumentException(
                    $"The object at index {added.Count} is a {data.GetType()}, which is no event type: it is not marked with [Event].", nameof(events));
            }

            added.Add(new PendingEvent(data, type, Guid.CreateVersion7(timeProvider.GetUtcNow())));
        }

        return added;
    }

    private static void RefuseDefault(StreamId streamId)
    {
        if (streamId.IsDefault)
            throw new ArgumentException("default(StreamId) is no stream id.", nameof(streamId));
    }

    /// <summary>The stream that something is about to be added for.</summary>
    private PendingStream Find(StreamId streamId)
    {
        Revision++;
        if (_streams.TryGetValue(streamId, out var stream))
            return stream;

        return _streams[streamId] = new PendingStream(streamId);
    }

    private PendingEvents Add(PendingStream stream, List<PendingEvent> added)
    {
        foreach (var @event in added)
            @event.Place(stream);

        _events.AddRange(added);
        return new PendingEvents(added);
    }
}
