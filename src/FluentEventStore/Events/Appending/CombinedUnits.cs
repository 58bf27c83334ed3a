using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>
/// Many units as the database takes them: one array per column, over the units, the streams, the parts and the events. A part is what one
/// unit appends to one stream. Places are counted from 1.
/// </summary>
internal sealed class CombinedUnits
{
    /// <summary>The version of no stream to which something was appended.</summary>
    private const long NeverMet = 0;

    /// <param name="units">The units.</param>
    /// <param name="longestWait">How long they wait for a lock that others hold; <see cref="TimeSpan.Zero"/> means no limit.</param>
    public CombinedUnits(EventUnit[] units, TimeSpan longestWait)
    {
        Units = units;
        LongestWait = longestWait;
        var (parts, events) = (0, 0);
        foreach (var unit in units)
        {
            parts += unit.Streams.Length;
            events += unit.Events.Length;
        }

        Timestamps = Of(static unit => unit.Origin.Timestamp);
        CorrelationIds = NullIfAllAre(static unit => unit.Origin.CorrelationId);
        CausationIds = NullIfAllAre(static unit => unit.Origin.CausationId);
        UserNames = NullIfAllAre(static unit => unit.Origin.UserName);
        PartUnits = new int[parts];
        PartStreams = new int[parts];
        Expected = Array.Exists(units, static unit => Array.Exists(unit.Streams, static stream => stream.Expected != ExpectedVersion.Any))
            ? new long[parts]
            : null;
        PartCounts = new int[parts];
        Ahead = new int[parts];
        EventParts = new int[events];
        Offsets = new int[events];
        EventIds = new Guid[events];
        TypeNames = new string[events];
        TypeVersions = new int[events];
        Data = new ReadOnlyMemory<byte>[events];
        Headers = Array.Exists(units, static unit => unit.HasHeaders) ? new ReadOnlyMemory<byte>?[events] : null;

        var sorted = new StreamOfUnit[parts];
        AggregateTypes = Array.Exists(units, static unit => Array.Exists(unit.Streams, static stream => stream.AggregateType is not null))
            ? new string?[parts]
            : null;
        FillParts(sorted);

        Array.Sort(sorted);
        var streams = Number(sorted);
        Tenants = new string[streams];
        StreamIds = new string[streams];
        Counts = new int[streams];
        FirstParts = new int[streams];
        LastParts = new int[streams];
        TypedParts = new int[streams];
        Versions = Expected is not null && Array.TrueForAll(Expected, static expected => expected >= 0) ? new long[streams] : null;
        FillStreams(sorted);
    }

    public EventUnit[] Units { get; }

    public TimeSpan LongestWait { get; }

    public DateTimeOffset[] Timestamps { get; }

    /// <summary>By unit; <see langword="null"/> if none has one. The same holds for the next columns.</summary>
    public string?[]? CorrelationIds { get; }

    public string?[]? CausationIds { get; }

    public string?[]? UserNames { get; }

    /// <summary>
    /// By stream. Streams are in the order in which they are locked, by tenant and id: that of their UTF-8, as everywhere in the database.
    /// </summary>
    public string[] Tenants { get; }

    public string[] StreamIds { get; }

    /// <summary>By stream: how many events all units append to it.</summary>
    public int[] Counts { get; }

    /// <summary>By stream: the first part that appends to it.</summary>
    public int[] FirstParts { get; }

    public int[] LastParts { get; }

    /// <summary>By stream: the first part that names an aggregate type; 0 if none does.</summary>
    public int[] TypedParts { get; }

    /// <summary>
    /// By stream: the version that it has after all units if none is refused; <see langword="null"/> if a unit does not expect a certain
    /// version.
    /// </summary>
    public long[]? Versions { get; }

    /// <summary>By part. Parts are in the order of their units.</summary>
    public int[] PartUnits { get; }

    public int[] PartStreams { get; }

    /// <summary>By part; <see langword="null"/> if none names one.</summary>
    public string?[]? AggregateTypes { get; }

    /// <summary>By part; <see langword="null"/> if none expects anything.</summary>
    public long[]? Expected { get; }

    public int[] PartCounts { get; }

    /// <summary>By part: how many events it and the units after it append to its stream.</summary>
    public int[] Ahead { get; }

    public int[] EventParts { get; }

    /// <summary>By event: where it stands in its part.</summary>
    public int[] Offsets { get; }

    public Guid[] EventIds { get; }

    public string[] TypeNames { get; }

    public int[] TypeVersions { get; }

    public ReadOnlyMemory<byte>[] Data { get; }

    /// <summary>By event; <see langword="null"/> if none has any.</summary>
    public ReadOnlyMemory<byte>?[]? Headers { get; }

    /// <summary>By part: the version of its stream before, if the streams have these versions after all units.</summary>
    public long[] BasesOf(long[] versions)
    {
        var bases = new long[PartStreams.Length];
        for (var part = 0; part < bases.Length; part++)
            bases[part] = versions[PartStreams[part] - 1] - Ahead[part];

        return bases;
    }

    private string?[]? NullIfAllAre(Func<EventUnit, string?> value) =>
        Array.Exists(Units, unit => value(unit) is not null) ? Of(value) : null;

    private T[] Of<T>(Func<EventUnit, T> value)
    {
        var values = new T[Units.Length];
        for (var index = 0; index < values.Length; index++)
            values[index] = value(Units[index]);

        return values;
    }

    private void FillParts(StreamOfUnit[] sorted)
    {
        var (part, @event) = (0, 0);
        for (var index = 0; index < Units.Length; index++)
        {
            var unit = Units[index];
            PartUnits.AsSpan(part, unit.Streams.Length).Fill(index + 1);
            FillEvents(unit, part, @event);
            foreach (var stream in unit.Streams)
            {
                if (AggregateTypes is not null)
                    AggregateTypes[part] = stream.AggregateType;

                if (Expected is not null)
                    Expected[part] = stream.Expected.Code;

                PartCounts[part] = stream.Count;
                sorted[part] = new StreamOfUnit(unit.TenantId.Value, stream.StreamId.Value, part);
                part++;
            }

            @event += unit.Events.Length;
        }
    }

    private void FillEvents(EventUnit unit, int part, int @event)
    {
        for (var index = 0; index < unit.Events.Length; index++, @event++)
        {
            ref readonly var appended = ref unit.Events[index];
            EventParts[@event] = part + appended.Stream;
            Offsets[@event] = appended.Offset;
            EventIds[@event] = appended.Id;
            TypeNames[@event] = appended.Type.Name;
            TypeVersions[@event] = appended.Type.Version;
            Data[@event] = appended.Data;
            if (unit.HasHeaders)
                Headers![@event] = appended.Headers;
        }
    }

    /// <summary>Gives each part the place of its stream, and returns how many streams there are.</summary>
    private int Number(StreamOfUnit[] sorted)
    {
        var streams = 0;
        for (var index = 0; index < sorted.Length; index++)
        {
            if (index == 0 || !sorted[index].IsSameStream(sorted[index - 1]))
                streams++;

            PartStreams[sorted[index].Part] = streams;
        }

        return streams;
    }

    private void FillStreams(ReadOnlySpan<StreamOfUnit> sorted)
    {
        // From the last to the first, so that what comes after a part is known, and the first one of a stream is what remains.
        for (var index = sorted.Length - 1; index >= 0; index--)
        {
            var (tenant, streamId, part) = sorted[index];
            var stream = PartStreams[part] - 1;
            var isLast = Counts[stream] == 0;
            Counts[stream] += PartCounts[part];
            Ahead[part] = Counts[stream];
            if (isLast)
                (Tenants[stream], StreamIds[stream], LastParts[stream]) = (tenant, streamId, part + 1);

            FirstParts[stream] = part + 1;
            if (AggregateTypes?[part] is not null)
                TypedParts[stream] = part + 1;

            if (Versions is not null)
                Foresee(stream, Expected![part] + Ahead[part], isLast);
        }
    }

    // Rivals expect versions that cannot all be met.
    private void Foresee(int stream, long version, bool isOnly) =>
        Versions![stream] = isOnly || Versions[stream] == version ? version : NeverMet;

    private readonly record struct StreamOfUnit(string Tenant, string StreamId, int Part) : IComparable<StreamOfUnit>
    {
        public bool IsSameStream(StreamOfUnit other) => StreamId == other.StreamId && Tenant == other.Tenant;

        public int CompareTo(StreamOfUnit other)
        {
            var order = Utf8Order.Compare(Tenant, other.Tenant);
            if (order == 0)
                order = Utf8Order.Compare(StreamId, other.StreamId);

            return order == 0 ? Part.CompareTo(other.Part) : order;
        }
    }
}
