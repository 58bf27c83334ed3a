using System.Collections.Frozen;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>
/// What a unit of work does to events. It is described once and never changes: neither what the session does afterwards nor what becomes
/// of the objects that were appended reaches it.
/// </summary>
internal sealed class EventUnit
{
    /// <param name="origin">What is written with each event.</param>
    /// <param name="headers">The headers that each event gets, unless it has one of that name itself.</param>
    /// <param name="appends">What the session collected.</param>
    /// <param name="sealed">The JSON of its events where some hold personal data, which takes keys; else <see langword="null"/>.</param>
    /// <param name="payloads">Where JSON is written to. It is valid until this is disposed.</param>
    /// <exception cref="EventSerializationException">An event has no JSON that the database can keep.</exception>
    public EventUnit(
        UnitOrigin origin, IReadOnlyDictionary<string, string>? headers, PendingAppends appends, SealedUnit? @sealed, JsonWriter payloads)
    {
        Origin = origin;
        Sealed = @sealed;
        var streams = appends.Streams;
        Streams = new UnitStream[streams.Count];
        for (var index = 0; index < streams.Count; index++)
            Streams[index] = streams[index].Describe();

        var events = appends.Events;
        HasHeaders = headers is { Count: > 0 } || events.Exists(static @event => @event.Headers is not null);
        Events = new UnitEvent[events.Count];
        for (var index = 0; index < events.Count; index++)
        {
            var @event = events[index];
            var data = JsonOf(@event, payloads);
            Size += data.Length;
            Events[index] = new UnitEvent(
                @event.Id,
                @event.Type,
                @event.Stream.Ordinal,
                @event.Offset,
                data,
                HasHeaders ? EncodeHeaders(headers, @event, payloads) : ReadOnlyMemory<byte>.Empty);
        }

        Tags = TagsOf(events);
        Boundaries = appends.Boundaries.Count == 0 ? null : new UnitBoundaries(appends.Boundaries, payloads);
        LinkingStreamIds = appends.Links.Count == 0 ? [] : [.. appends.Links.Select(static link => link.Stream.StreamId.Value)];
        LinkedIds = appends.Links.Count == 0 ? [] : [.. appends.Links.Select(static link => link.EventId)];
        Changes = appends.Changes.Count == 0 ? [] : Describe(appends.Changes, payloads);
    }

    public UnitOrigin Origin { get; }

    public TenantId TenantId => Origin.TenantId;

    public UnitStream[] Streams { get; }

    /// <summary>In the order of the calls.</summary>
    public UnitEvent[] Events { get; private set; }

    public Guid[] EventIds => Array.ConvertAll(Events, static @event => @event.Id);

    /// <summary>Whether any event has some: then all have JSON for them.</summary>
    public bool HasHeaders { get; }

    /// <summary>How many bytes the events have together.</summary>
    public long Size { get; }

    /// <summary>The tags of the unit's events.</summary>
    public (Guid EventId, string Tag)[] Tags { get; }

    /// <summary>What the unit rests on; <see langword="null"/> where on nothing.</summary>
    public UnitBoundaries? Boundaries { get; }

    /// <summary>By link, which all come after the events: the stream that it stands in.</summary>
    public string[] LinkingStreamIds { get; }

    /// <summary>By link: the event that it leads to.</summary>
    public Guid[] LinkedIds { get; }

    /// <summary>What the unit does to streams as a whole.</summary>
    public StreamChange[] Changes { get; private set; }

    /// <summary>What of the unit was encrypted; <see langword="null"/> where it holds no personal data.</summary>
    public SealedUnit? Sealed { get; private set; }

    /// <summary>The keys that the database has to have when the unit is written; <see langword="null"/> where there are none.</summary>
    public UsedKeys? Keys => Sealed is { AreKeysChecked: true } ? Sealed.Used : null;

    /// <summary>Whether the unit writes tags or rests on some.</summary>
    public bool ConcernsTags =>
        Tags.Length > 0 || Boundaries is not null || Array.Exists(Changes, static change => change.Replacement is { Tags.Length: > 0 });

    /// <summary>
    /// Whether the unit has nothing but events, expects nothing of other streams, and so is one statement that may be combined with others.
    /// </summary>
    public bool OnlyAppends => Events.Length > 0 && LinkedIds.Length == 0 && Changes.Length == 0 && !ConcernsTags
        && Array.TrueForAll(Streams, static stream => stream.Count > 0);

    /// <summary>The streams that may not exist after the unit, as it only expects something of them.</summary>
    public string[] Unborn => [.. Streams.Where(static stream => stream.IsUnborn).Select(static stream => stream.StreamId.Value)];

    /// <summary>Per stream: whether it has to take events when the unit begins.</summary>
    public bool[] MustBeActive => Array.ConvertAll(
        Streams, stream => stream.Length > 0 && !Array.Exists(Changes, change => change.Revives && change.Stream == stream));

    /// <summary>What the unit wrote.</summary>
    /// <param name="position">The position of its last event.</param>
    /// <param name="versionsBefore">Per stream: its version before.</param>
    public Commit CommitAt(long position, ReadOnlySpan<long> versionsBefore)
    {
        if (Streams is [{ Length: > 0 } only])
            return new Commit(position, new OneStream(only.StreamId, only.CommitAt(versionsBefore[0])));

        var streams = new Dictionary<StreamId, StreamCommit>(Streams.Length);
        for (var index = 0; index < Streams.Length; index++)
        {
            if (Streams[index].Length > 0)
                streams[Streams[index].StreamId] = Streams[index].CommitAt(versionsBefore[index]);
        }

        return new Commit(position, streams);
    }

    /// <exception cref="EventTooLargeException">
    /// The JSON of an event, appended or one that takes the place of others, has more bytes.
    /// </exception>
    public void CheckSizes(int limit)
    {
        foreach (var @event in Events)
            EventJson.CheckSize(@event.Type, StreamOf(@event).StreamId, @event.Data, limit);

        foreach (var change in Changes)
        {
            if (change.Replacement is { } by)
                EventJson.CheckSize(by.Type, change.Stream.StreamId, by.Json, limit);
        }
    }

    /// <summary>
    /// An event of the unit as it will be recorded, except for its position, which nobody knows before the unit is committed. What is
    /// encrypted in it is opened with the keys of the unit. It is made of what is stored, and anew at each call, so that no folding sees
    /// what another one did to it.
    /// </summary>
    public IEvent Foresee(in UnitEvent @event, long version)
    {
        var metadata = new EventMetadata
        {
            Id = @event.Id,
            Position = EventMetadata.Unassigned,
            StreamId = StreamOf(@event).StreamId,
            Version = version,
            TypeName = @event.Type.Name,
            TypeVersion = @event.Type.Version,
            Timestamp = Origin.Timestamp,
            CorrelationId = Origin.CorrelationId,
            CausationId = Origin.CausationId,
            UserName = Origin.UserName,
            Headers = HasHeaders ? EventHeaders.Read(@event.Headers.Span) : FrozenDictionary<string, string>.Empty,
            TenantId = TenantId,
        };
        var json = StoredJson.Of(@event.Data).Span;
        return @event.Type.HoldsPersonalData
            ? PersonalData.Read(@event.Type, metadata, json, Sealed!.Keys)
            : EventJson.Read(@event.Type, metadata, json);
    }

    /// <summary>The stream of an event of the unit.</summary>
    public UnitStream StreamOf(in UnitEvent @event) => Streams[@event.Stream - 1];

    /// <summary>The same unit, encrypted with other keys.</summary>
    public EventUnit With(SealedUnit renewed)
    {
        var other = (EventUnit)MemberwiseClone();
        other.Sealed = renewed;
        other.Events = Array.ConvertAll(Events, @event => @event with { Data = renewed.JsonOf(@event.Id) });
        other.Changes = Array.ConvertAll(
            Changes,
            change => change.Replacement is { } by ? change with { Replacement = by with { Json = renewed.JsonOf(by.Id) } } : change);
        return other;
    }

    private ReadOnlyMemory<byte> JsonOf(PendingEvent @event, JsonWriter payloads) => Sealed?.JsonOf(@event.Id) ?? @event.Encode(payloads);

    // Apart, so that no closure is made where there is nothing to describe.
    private StreamChange[] Describe(IReadOnlyList<PendingChange> changes, JsonWriter payloads) =>
        [.. changes.Select(change => Describe(change, payloads))];

    private StreamChange Describe(PendingChange change, JsonWriter payloads) => new(
        Streams[change.Stream.Ordinal - 1],
        change.Verb,
        change.Version,
        change.Replacement is { } by
            ? new Replacement(by.Id, by.Type, JsonOf(by, payloads), [.. by.Tags.Select(static tag => tag.ToString())])
            : null);

    private static ReadOnlyMemory<byte> EncodeHeaders(
        IReadOnlyDictionary<string, string>? ofSession, PendingEvent @event, JsonWriter payloads)
    {
        var merged = EventHeaders.Merge(ofSession ?? FrozenDictionary<string, string>.Empty, @event.Headers);
        EventHeaders.Write(payloads.Begin(), merged);
        return payloads.Piece;
    }

    private static (Guid EventId, string Tag)[] TagsOf(List<PendingEvent> events)
    {
        var tags = default(List<(Guid, string)>);
        foreach (var @event in events)
        {
            foreach (var tag in @event.Tags)
                (tags ??= []).Add((@event.Id, tag.ToString()));
        }

        return tags is null ? [] : [.. tags];
    }
}
