namespace FluentEventStore.PostgresTests.Models;

/// <summary>The event store as it ought to be: plain objects in memory, one unit after the other.</summary>
public sealed class ModelStore
{
    private Dictionary<StreamId, ModelStream> _streams = [];

    public IReadOnlyDictionary<StreamId, ModelStream> Streams => _streams;

    /// <summary>The position of the last event.</summary>
    public long Position { get; private set; }

    /// <summary>All that is recorded, hidden or not, in the order of positions, with the stream of each.</summary>
    public IEnumerable<(StreamId StreamId, ModelStream Stream, ModelEvent Event)> Recorded => _streams
        .SelectMany(static pair => pair.Value.Events.Select(@event => (pair.Key, pair.Value, @event)))
        .OrderBy(static it => it.@event.Position);

    /// <summary>What somebody reads of a stream: versions in it, and events.</summary>
    public IReadOnlyList<(long Version, ModelEvent Event)> Read(StreamId streamId, bool includeArchived = false)
    {
        var highest = includeArchived ? ModelState.Archived : ModelState.Active;
        if (!_streams.TryGetValue(streamId, out var stream) || stream.State > highest)
            return [];

        var own = stream.Events.Where(@event => stream.Shows(@event, highest)).Select(static @event => (@event.Version, @event));
        var linked =
            from link in stream.Links
            where link.Version >= stream.TruncatedBefore
            from it in Recorded
            where it.Event.Id == link.EventId && it.Stream.Shows(it.Event, highest)
            select (link.Version, it.Event);
        return [.. own.Concat(linked).OrderBy(static it => it.Version)];
    }

    /// <summary>What a decision over tags reads.</summary>
    public ModelBoundary Decide(IReadOnlyList<IReadOnlyList<Tag>> clauses) => new(
        clauses,
        [.. clauses.Select(
            clause => Recorded.Where(it => ModelBoundary.Matches(clause, it.Event))
                .Select(static it => it.Event.Position)
                .DefaultIfEmpty()
                .Max())]);

    /// <summary>Writes a unit, all of it or nothing.</summary>
    /// <returns>The type of the exception that it is refused with, and the stream that is named; or neither.</returns>
    public (Type? Refusal, StreamId StreamId) Save(ModelUnit unit, DateTimeOffset now)
    {
        var (before, position) = (new Dictionary<StreamId, ModelStream>(_streams), Position);
        var refusal = Write(unit, now);
        if (refusal.Refusal is not null)
            (_streams, Position) = (before, position);

        return refusal;
    }

    /// <summary>Removes what is out of sight for ever, and what rules no longer keep.</summary>
    public void Scrub(Func<StreamId, long?> keepLast)
    {
        foreach (var (streamId, stream) in _streams.ToList())
        {
            var keep = stream.State == ModelState.Active && keepLast(streamId) is { } last
                ? Math.Max(stream.TruncatedBefore, stream.Version - last + 1)
                : stream.TruncatedBefore;
            _streams[streamId] = Without(stream with { TruncatedBefore = keep }, keep);
        }
    }

    /// <summary>Changes the data of recorded events, hidden or not.</summary>
    public void Rewrite(Func<StreamId, object, object> change)
    {
        foreach (var (streamId, stream) in _streams.ToList())
            _streams[streamId] = stream with { Events = [.. stream.Events.Select(
                @event => @event with { Data = change(streamId, @event.Data) })] };
    }

    /// <summary>Tells the id of an event that stands for others.</summary>
    public void Identify(StreamId streamId, long version, Guid id) => _streams[streamId] = _streams[streamId] with
    {
        Events = [.. _streams[streamId].Events.Select(@event => @event.Version == version ? @event with { Id = id } : @event)],
    };

    private (Type? Refusal, StreamId StreamId) Write(ModelUnit unit, DateTimeOffset now)
    {
        if (unit.Boundaries.Exists(boundary => Recorded.Any(it => boundary.IsMovedBy(it.Event))))
            return (typeof(BoundaryConflictException), default);

        foreach (var streamId in unit.Streams)
        {
            var stream = _streams.GetValueOrDefault(streamId);
            if (unit.CountOf(streamId) > 0
                && !unit.Has(streamId, ModelVerb.Unarchive, ModelVerb.Undelete)
                && stream is { State: not ModelState.Active })
                return (Closed(stream), streamId);
            if (!unit.ExpectationOf(streamId).HoldsAt(stream?.Version ?? 0))
                return (
                    unit.Has(streamId, ModelVerb.Start) ? typeof(StreamAlreadyExistsException) : typeof(StreamVersionConflictException),
                    streamId);
        }

        foreach (var stage in (ModelVerb[][])
            [
                [ModelVerb.Unarchive, ModelVerb.Undelete],
                [ModelVerb.Append, ModelVerb.Start, ModelVerb.AppendToFetched],
                [ModelVerb.Link],
                [ModelVerb.Truncate, ModelVerb.Compact, ModelVerb.Archive, ModelVerb.Delete, ModelVerb.Tombstone, ModelVerb.HardDelete],
            ])
        {
            foreach (var call in unit.Calls.Where(call => stage.Contains(call.Verb)))
            {
                if (Apply(call, now) is { } refusal)
                    return (refusal, call.StreamId);
            }
        }

        return default;
    }

    private Type? Apply(ModelCall call, DateTimeOffset now)
    {
        if (call.Verb is ModelVerb.Append or ModelVerb.Start or ModelVerb.AppendToFetched or ModelVerb.Link)
            return call.Verb == ModelVerb.Link ? Link(call, now) : Append(call, now);

        if (!_streams.TryGetValue(call.StreamId, out var stream))
            return typeof(StreamNotFoundException);

        var state = stream.State;
        var admits = call.Verb switch
        {
            ModelVerb.Unarchive => state is ModelState.Active or ModelState.Archived,
            ModelVerb.Undelete => state is ModelState.Active or ModelState.Deleted,
            ModelVerb.Truncate => state is ModelState.Active or ModelState.Archived,
            ModelVerb.Compact or ModelVerb.Archive => state is ModelState.Active,
            ModelVerb.Delete => state is ModelState.Active or ModelState.Archived,
            _ => state is not ModelState.Tombstoned,
        };
        if (!admits)
            return Closed(stream);

        switch (call.Verb)
        {
            case ModelVerb.Truncate when call.Version > stream.Version + 1:
            case ModelVerb.Compact when call.Version < stream.TruncatedBefore
                || stream.Events.All(@event => @event.Version != call.Version):
                return typeof(StreamTruncationException);
            case ModelVerb.HardDelete:
                _streams.Remove(call.StreamId);
                return null;
            default:
                _streams[call.StreamId] = call.Verb switch
                {
                    ModelVerb.Unarchive or ModelVerb.Undelete => stream with { State = ModelState.Active },
                    ModelVerb.Archive => stream with { State = ModelState.Archived },
                    ModelVerb.Delete => stream with { State = ModelState.Deleted },
                    ModelVerb.Truncate => stream with { TruncatedBefore = Math.Max(stream.TruncatedBefore, call.Version) },
                    ModelVerb.Compact => Compact(stream, call),
                    _ => stream with { State = ModelState.Tombstoned, TruncatedBefore = stream.Version + 1, Events = [], Links = [] },
                };
                return null;
        }
    }

    private Type? Append(ModelCall call, DateTimeOffset now)
    {
        if (call.Events.Count == 0)
            return null;

        var stream = _streams.GetValueOrDefault(call.StreamId) ?? new ModelStream(now);
        var added = call.Events.Select((data, index) =>
            new ModelEvent(call.EventIds[index], ++Position, stream.Version + index + 1, data, ModelEvent.TagsOf(data, call.Tags)));
        _streams[call.StreamId] = stream with
        {
            Events = [.. stream.Events, .. added],
            Version = stream.Version + call.Events.Count,
            LastAppended = now
        };
        return null;
    }

    private Type? Link(ModelCall call, DateTimeOffset now)
    {
        foreach (var id in call.Links)
        {
            var stream = _streams.GetValueOrDefault(call.StreamId) ?? new ModelStream(now);
            var target = Recorded.FirstOrDefault(it => it.Event.Id == id);
            if (target.Event is null || target.StreamId == call.StreamId || stream.Links.Any(link => link.EventId == id))
                return typeof(LinkRefusedException);

            _streams[call.StreamId] = stream with
            {
                Links = [.. stream.Links, new ModelLink(stream.Version + 1, id)],
                Version = stream.Version + 1,
                LastAppended = now
            };
        }

        return null;
    }

    private static ModelStream Compact(ModelStream stream, ModelCall call)
    {
        var replaced = stream.Events.Single(@event => @event.Version == call.Version);
        var replacement = replaced with { Id = null, Data = call.Events[0], Tags = ModelEvent.TagsOf(call.Events[0], call.Tags) };
        var rest = Without(stream with { TruncatedBefore = call.Version }, call.Version);
        return rest with { Events = [replacement, .. rest.Events.Skip(1)] };
    }

    private static ModelStream Without(ModelStream stream, long before) => stream with
    {
        Events = [.. stream.Events.Where(@event => @event.Version >= before)],
        Links = [.. stream.Links.Where(link => link.Version >= before)],
    };

    private static Type Closed(ModelStream stream) =>
        stream.State == ModelState.Archived ? typeof(StreamArchivedException) : typeof(StreamDeletedException);
}
