using System.Collections.Frozen;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>
/// What a unit of work does to events. It is described once and never changes, whatever happens to the session and the appended objects
/// afterwards.
/// </summary>
internal sealed class EventUnit
{
    /// <param name="origin">What is written with each event.</param>
    /// <param name="headers">The headers of each event, unless it has one of the same name itself.</param>
    /// <param name="appends">What the session collected.</param>
    /// <param name="sealed">The JSON of its events if some hold personal data; else <see langword="null"/>.</param>
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
        HasCauses = events.Exists(static @event => @event.Cause is not null);
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
                HasHeaders ? EncodeHeaders(headers, @event, payloads) : ReadOnlyMemory<byte>.Empty,
                @event.Cause);
        }

        Tags = TagsOf(events);
        Boundaries = appends.Boundaries.Count == 0 ? null : new UnitBoundaries(appends.Boundaries, payloads);
        LinkingStreamIds = appends.Links.Count == 0 ? [] : [.. appends.Links.Select(static link => link.Stream.StreamId.Value)];
        LinkedIds = appends.Links.Count == 0 ? [] : [.. appends.Links.Select(static link => link.EventId)];
        Changes = appends.Changes.Count == 0 ? [] : Describe(appends.Changes, payloads);
        Reservations = appends.DescribeReservations(Streams);
    }

    public UnitOrigin Origin { get; }

    public TenantId TenantId => Origin.TenantId;

    public UnitStream[] Streams { get; }

    /// <summary>In the order of the calls.</summary>
    public UnitEvent[] Events { get; private set; }

    /// <summary>Whether events have causes of their own, which <see cref="Origin"/> does not say.</summary>
    public bool HasCauses { get; }

    public Guid[] EventIds => Array.ConvertAll(Events, static @event => @event.Id);

    /// <summary>Whether any event has headers: then all have JSON for them.</summary>
    public bool HasHeaders { get; }

    /// <summary>How many bytes the events have together.</summary>
    public long Size { get; }

    /// <summary>The tags of the unit's events.</summary>
    public (Guid EventId, string Tag)[] Tags { get; }

    /// <summary>What the unit rests on; <see langword="null"/> if it rests on nothing.</summary>
    public UnitBoundaries? Boundaries { get; }

    /// <summary>By link: the stream that it stands in. All links come after the events.</summary>
    public string[] LinkingStreamIds { get; }

    /// <summary>By link: the event that it leads to.</summary>
    public Guid[] LinkedIds { get; }

    /// <summary>What the unit does to streams as a whole.</summary>
    public StreamChange[] Changes { get; private set; }

    /// <summary>The values that the unit reserves and releases, and the natural keys that its events set.</summary>
    public ReservationChange[] Reservations { get; private set; }

    /// <summary>What of the unit was encrypted; <see langword="null"/> if it holds no personal data.</summary>
    public SealedUnit? Sealed { get; private set; }

    /// <summary>The keys that the database must have when the unit is written; <see langword="null"/> if there are none.</summary>
    public UsedKeys? Keys => Sealed is { AreKeysChecked: true } ? Sealed.Used : null;

    /// <summary>Whether the unit writes tags or rests on some.</summary>
    public bool ConcernsTags =>
        Tags.Length > 0 || Boundaries is not null || Array.Exists(Changes, static change => change.Replacement is { Tags.Length: > 0 });

    /// <summary>
    /// Whether the unit only has events and expects nothing of other streams: then it is one statement, which may be combined with others.
    /// </summary>
    public bool OnlyAppends => Events.Length > 0 && LinkedIds.Length == 0 && Changes.Length == 0 && Reservations.Length == 0
        && !ConcernsTags
        && Array.TrueForAll(Streams, static stream => stream.Count > 0);

    /// <summary>The streams that may not exist after the unit, because it only expects something of them.</summary>
    public string[] Unborn => [.. Streams.Where(static stream => stream.IsUnborn).Select(static stream => stream.StreamId.Value)];

    /// <summary>Per stream: whether it must be open to events when the unit begins.</summary>
    public bool[] MustBeActive => Array.ConvertAll(
        Streams, stream => stream.Length > 0 && !Array.Exists(Changes, change => change.Revives && change.Stream == stream));

    /// <summary>What the unit wrote.</summary>
    /// <param name="position">The position of its last event.</param>
    /// <param name="versionsBefore">Per stream: its version before.</param>
    public Commit CommitAt(long position, ReadOnlySpan<long> versionsBefore)
    {
        if (Streams is [{ Length: > 0 } only])
            return Commit.Of(position, TenantId, new OneStream(only.StreamId, only.CommitAt(versionsBefore[0])));

        var streams = new Dictionary<StreamId, StreamCommit>(Streams.Length);
        for (var index = 0; index < Streams.Length; index++)
        {
            if (Streams[index].Length > 0)
                streams[Streams[index].StreamId] = Streams[index].CommitAt(versionsBefore[index]);
        }

        return Commit.Of(position, TenantId, streams);
    }

    /// <exception cref="EventTooLargeException">The JSON of an event has more bytes, be it appended or a replacement of others.</exception>
    public void CheckSizes(int? limit)
    {
        if (limit is not { } most)
            return;

        foreach (var @event in Events)
            EventJson.CheckSize(@event.Type, StreamOf(@event).StreamId, @event.Data, most);

        foreach (var change in Changes)
        {
            if (change.Replacement is { } by)
                EventJson.CheckSize(by.Type, change.Stream.StreamId, by.Json, most);
        }
    }

    /// <summary>Finds the natural keys that the events set. Of several events of a stream, the last one counts.</summary>
    /// <exception cref="InvalidOperationException">A value cannot be a key.</exception>
    public void FindKeys(INaturalKeys keys)
    {
        var found = default(Dictionary<(int Stream, string Name), string?>);
        foreach (ref readonly var @event in Events.AsSpan())
        {
            if (!keys.MayBeSetBy(@event.Type))
                continue;

            foreach (var (name, value) in keys.Of(Foresee(@event, EventMetadata.Unassigned)))
                (found ??= [])[(@event.Stream, name)] = value;
        }

        if (found is not null)
        {
            Reservations =
            [
                .. Reservations,
                .. found.Select(key => Streams[key.Key.Stream - 1].Change(key.Key.Name, key.Value, ReservationVerb.Set)),
            ];
        }
    }

    /// <summary>
    /// An event of the unit as it will be recorded, except for its position, which is unknown until the unit is committed. It is decrypted
    /// with the keys of the unit. Each call makes a new object from what is stored, so that no folding sees what another one did to it.
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
            CorrelationId = @event.Cause is { } own ? own.CorrelationId : Origin.CorrelationId,
            CausationId = @event.Cause is { } cause ? cause.CausationId : Origin.CausationId,
            UserName = @event.Cause is { } by ? by.UserName : Origin.UserName,
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

    // A method of its own, so that no closure is made if there is nothing to describe.
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
