using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The events of one unit of work in the form in which the database takes them: arrays with an entry a stream and a list of events.</summary>
internal sealed class EventUnit
{
    private readonly Dictionary<PendingStream, int>? _ordinals;

    public EventUnit(TenantId tenantId, DateTimeOffset timestamp, PendingAppends appends)
    {
        TenantId = tenantId;
        Timestamp = timestamp;
        Events = appends.Events;
        Streams = [.. appends.Streams];
        EventIds = Array.ConvertAll([.. Events], static @event => @event.Id);
        StreamIds = Array.ConvertAll(Streams, static stream => stream.StreamId.Value);
        AggregateTypes = Array.ConvertAll(Streams, static stream => stream.AggregateType);
        Expected = Array.ConvertAll(Streams, static stream => stream.Expected.Code);
        Counts = Array.ConvertAll(Streams, static stream => stream.Count);
        Links = [.. appends.Links];
        Changes = [.. appends.Changes];
        Boundaries = [.. appends.Boundaries];
        Tags = TagsOf(Events);
        if (Streams.Length > 1)
        {
            _ordinals = new Dictionary<PendingStream, int>(Streams.Length);
            foreach (var stream in Streams)
                _ordinals.Add(stream, _ordinals.Count + 1);
        }
    }

    public TenantId TenantId { get; }

    /// <summary>One for the whole unit: UTC, to the microsecond.</summary>
    public DateTimeOffset Timestamp { get; }

    public string? CorrelationId { get; init; }

    public string? CausationId { get; init; }

    public string? UserName { get; init; }

    /// <summary>The headers that each event gets, unless it has one of that name itself.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public IReadOnlyList<PendingEvent> Events { get; }

    public Guid[] EventIds { get; }

    public PendingStream[] Streams { get; }

    public string[] StreamIds { get; }

    public string?[] AggregateTypes { get; }

    public long[] Expected { get; }

    public int[] Counts { get; }

    /// <summary>The links of the unit, which come after its events.</summary>
    public PendingLink[] Links { get; }

    /// <summary>What the unit does to streams as a whole.</summary>
    public StreamChange[] Changes { get; }

    /// <summary>What the unit rests on.</summary>
    public PendingBoundary[] Boundaries { get; }

    /// <summary>The tags of the unit's events.</summary>
    public (Guid EventId, string Tag)[] Tags { get; }

    /// <summary>The tags of the events that replace others.</summary>
    public IEnumerable<string> TagsOfReplacements => Changes.SelectMany(static change => change.Replacement?.Tags ?? []).Select(static tag => tag.ToString());

    /// <summary>Whether the unit writes tags or rests on some.</summary>
    public bool ConcernsTags => Tags.Length > 0 || Boundaries.Length > 0 || (Changes.Length > 0 && TagsOfReplacements.Any());

    /// <summary>Per stream: whether it has to take events when the unit begins.</summary>
    public bool[] MustBeActive
    {
        get
        {
            HashSet<PendingStream> revived = [.. Changes.Where(static change => change.Revives).Select(static change => change.Stream)];
            return Array.ConvertAll(Streams, stream => stream.Count + stream.LinkCount > 0 && !revived.Contains(stream));
        }
    }

    /// <summary>The streams that may not exist after the unit, as it only expects something of them.</summary>
    public string[] Unborn =>
        [.. Streams.Where(static stream => stream.Stage == StreamStage.Revived && stream.Expected.Admits(0)).Select(static stream => stream.StreamId.Value)];

    /// <summary>Whether the unit has nothing but events, expects nothing of other streams, and so is one statement that may be combined with others.</summary>
    public bool OnlyAppends => Events.Count > 0 && Links.Length == 0 && Changes.Length == 0 && !ConcernsTags
        && Array.TrueForAll(Counts, static count => count > 0);

    /// <summary>Where a stream stands in the arrays: 1 is the first.</summary>
    public int OrdinalOf(PendingStream stream) => _ordinals is null ? 1 : _ordinals[stream];

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

    /// <summary>An event of the unit as it will be recorded, except for its position, which nobody knows before the unit is committed.</summary>
    public IEvent Foresee(PendingEvent pending, long version) => pending.Type.Record(pending.Data, new EventMetadata
    {
        Id = pending.Id,
        Position = EventMetadata.Unassigned,
        StreamId = pending.Stream.StreamId,
        Version = version,
        TypeName = pending.Type.Name,
        TypeVersion = pending.Type.Version,
        Timestamp = Timestamp,
        CorrelationId = CorrelationId,
        CausationId = CausationId,
        UserName = UserName,
        Headers = EventHeaders.Merge(Headers, pending.Headers),
        TenantId = TenantId,
    });

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
