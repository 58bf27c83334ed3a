using System.Collections.Frozen;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>
/// What a unit of work does to events, in the form in which the database takes it: an array a column, over its streams and over its events. It is described once and never changes: neither what
/// the session does afterwards nor what becomes of the objects that were appended reaches it.
/// </summary>
internal sealed class EventUnit
{
    /// <param name="origin">What is written with each event.</param>
    /// <param name="headers">The headers that each event gets, unless it has one of that name itself.</param>
    /// <param name="appends">What the session collected.</param>
    /// <param name="sealed">The JSON of its events where some hold personal data, which takes keys; else <see langword="null"/>.</param>
    /// <param name="payloads">Where JSON is written to. It is valid until this is disposed.</param>
    /// <exception cref="EventSerializationException">An event has no JSON that the database can keep.</exception>
    public EventUnit(UnitOrigin origin, IReadOnlyDictionary<string, string>? headers, PendingAppends appends, SealedUnit? @sealed, JsonWriter payloads)
    {
        Origin = origin;
        Sealed = @sealed;
        Streams = new UnitStream[appends.Streams.Count];
        foreach (var stream in appends.Streams)
            Streams[stream.Ordinal - 1] = stream.Describe();

        StreamIds = Array.ConvertAll(Streams, static stream => stream.StreamId.Value);
        AggregateTypes = Array.ConvertAll(Streams, static stream => stream.AggregateType);
        Expected = Array.ConvertAll(Streams, static stream => stream.Expected.Code);
        Counts = Array.ConvertAll(Streams, static stream => stream.Count);

        var events = appends.Events;
        EventIds = new Guid[events.Count];
        Types = new EventType[events.Count];
        TypeNames = new string[events.Count];
        TypeVersions = new int[events.Count];
        StreamOrdinals = new int[events.Count];
        Offsets = new int[events.Count];
        Data = new ReadOnlyMemory<byte>[events.Count];
        for (var index = 0; index < events.Count; index++)
        {
            var @event = events[index];
            EventIds[index] = @event.Id;
            Types[index] = @event.Type;
            TypeNames[index] = @event.Type.Name;
            TypeVersions[index] = @event.Type.Version;
            StreamOrdinals[index] = @event.Stream.Ordinal;
            Offsets[index] = @event.Offset;
            Data[index] = JsonOf(@event, payloads);
            Size += Data[index].Length;
        }

        Headers = EncodeHeaders(headers, events, payloads);
        Tags = TagsOf(events);
        Boundaries = appends.Boundaries.Count == 0 ? null : new UnitBoundaries(appends.Boundaries, payloads);
        LinkingStreamIds = appends.Links.Count == 0 ? [] : [.. appends.Links.Select(static link => link.Stream.StreamId.Value)];
        LinkedIds = appends.Links.Count == 0 ? [] : [.. appends.Links.Select(static link => link.EventId)];
        Changes = appends.Changes.Count == 0 ? [] : [.. appends.Changes.Select(change => Describe(change, payloads))];
    }

    public UnitOrigin Origin { get; }

    public TenantId TenantId => Origin.TenantId;

    /// <summary>By stream, as the four after it.</summary>
    public UnitStream[] Streams { get; }

    public string[] StreamIds { get; }

    public string?[] AggregateTypes { get; }

    public long[] Expected { get; }

    public int[] Counts { get; }

    /// <summary>By event, in the order of the calls, as the seven after it.</summary>
    public Guid[] EventIds { get; }

    public EventType[] Types { get; }

    public string[] TypeNames { get; }

    public int[] TypeVersions { get; }

    /// <summary>Where the event's stream stands in the unit; 1 is the first.</summary>
    public int[] StreamOrdinals { get; }

    /// <summary>Where the event stands among those of the unit for its stream; 1 is the first.</summary>
    public int[] Offsets { get; }

    public ReadOnlyMemory<byte>[] Data { get; private set; }

    /// <summary><see langword="null"/> where no event has any.</summary>
    public ReadOnlyMemory<byte>[]? Headers { get; }

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
    public bool ConcernsTags => Tags.Length > 0 || Boundaries is not null || Array.Exists(Changes, static change => change.Replacement is { Tags.Length: > 0 });

    /// <summary>Whether the unit has nothing but events, expects nothing of other streams, and so is one statement that may be combined with others.</summary>
    public bool OnlyAppends => EventIds.Length > 0 && LinkedIds.Length == 0 && Changes.Length == 0 && !ConcernsTags
        && Array.TrueForAll(Counts, static count => count > 0);

    /// <summary>The streams that may not exist after the unit, as it only expects something of them.</summary>
    public string[] Unborn => [.. Streams.Where(static stream => stream.IsUnborn).Select(static stream => stream.StreamId.Value)];

    /// <summary>Per stream: whether it has to take events when the unit begins.</summary>
    public bool[] MustBeActive => Array.ConvertAll(
        Streams, stream => stream.Count + stream.LinkCount > 0 && !Array.Exists(Changes, change => change.Revives && change.Stream == stream));

    /// <summary>What the unit wrote.</summary>
    /// <param name="position">The position of its last event.</param>
    /// <param name="versionsBefore">Per stream: its version before.</param>
    public Commit CommitAt(long position, ReadOnlySpan<long> versionsBefore)
    {
        var streams = new Dictionary<StreamId, StreamCommit>(Streams.Length);
        for (var index = 0; index < Streams.Length; index++)
        {
            var count = Streams[index].Count + Streams[index].LinkCount;
            if (count > 0)
                streams[Streams[index].StreamId] = new StreamCommit(versionsBefore[index] + 1, versionsBefore[index] + count);
        }

        return new Commit(position, streams);
    }

    /// <exception cref="EventTooLargeException">The JSON of an event, appended or one that takes the place of others, has more bytes.</exception>
    public void CheckSizes(int limit)
    {
        for (var index = 0; index < Data.Length; index++)
            EventJson.CheckSize(Types[index], Streams[StreamOrdinals[index] - 1].StreamId, Data[index], limit);

        foreach (var change in Changes)
        {
            if (change.Replacement is { } by)
                EventJson.CheckSize(by.Type, change.Stream.StreamId, by.Json, limit);
        }
    }

    /// <summary>
    /// An event of the unit as it will be recorded, except for its position, which nobody knows before the unit is committed. What is encrypted in it is opened with the keys of the unit.
    /// It is made of what is stored, and anew at each call, so that no folding sees what another one did to it.
    /// </summary>
    public IEvent Foresee(int index, long version)
    {
        var metadata = new EventMetadata
        {
            Id = EventIds[index],
            Position = EventMetadata.Unassigned,
            StreamId = Streams[StreamOrdinals[index] - 1].StreamId,
            Version = version,
            TypeName = TypeNames[index],
            TypeVersion = TypeVersions[index],
            Timestamp = Origin.Timestamp,
            CorrelationId = Origin.CorrelationId,
            CausationId = Origin.CausationId,
            UserName = Origin.UserName,
            Headers = Headers is null ? FrozenDictionary<string, string>.Empty : EventHeaders.Read(Headers[index].Span),
            TenantId = TenantId,
        };
        var json = StoredJson.Of(Data[index]).Span;
        return Types[index].HoldsPersonalData ? PersonalData.Read(Types[index], metadata, json, Sealed!.Keys) : EventJson.Read(Types[index], metadata, json);
    }

    /// <summary>The same unit, encrypted with other keys.</summary>
    public EventUnit With(SealedUnit renewed)
    {
        var other = (EventUnit)MemberwiseClone();
        other.Sealed = renewed;
        other.Data = Array.ConvertAll(EventIds, id => (ReadOnlyMemory<byte>)renewed.JsonOf(id));
        other.Changes = Array.ConvertAll(Changes, change => change.Replacement is { } by ? change with { Replacement = by with { Json = renewed.JsonOf(by.Id) } } : change);
        return other;
    }

    private ReadOnlyMemory<byte> JsonOf(PendingEvent @event, JsonWriter payloads) => Sealed?.JsonOf(@event.Id) ?? @event.Encode(payloads);

    private StreamChange Describe(PendingChange change, JsonWriter payloads) => new(
        Streams[change.Stream.Ordinal - 1],
        change.Verb,
        change.Version,
        change.Replacement is { } by ? new Replacement(by.Id, by.Type, JsonOf(by, payloads), [.. by.Tags.Select(static tag => tag.ToString())]) : null);

    private static ReadOnlyMemory<byte>[]? EncodeHeaders(IReadOnlyDictionary<string, string>? ofSession, IReadOnlyList<PendingEvent> events, JsonWriter payloads)
    {
        ofSession ??= FrozenDictionary<string, string>.Empty;
        if (ofSession.Count == 0 && events.All(static @event => @event.Headers is null))
            return null;

        var encoded = new ReadOnlyMemory<byte>[events.Count];
        for (var index = 0; index < encoded.Length; index++)
        {
            EventHeaders.Write(payloads.Begin(), EventHeaders.Merge(ofSession, events[index].Headers));
            encoded[index] = payloads.Piece;
        }

        return encoded;
    }

    private static (Guid EventId, string Tag)[] TagsOf(IReadOnlyList<PendingEvent> events)
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
