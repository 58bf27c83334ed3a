using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>A unit with its events as they travel: an array a column. The bytes are valid until the writer that they were written with is disposed.</summary>
internal sealed class EncodedUnit
{
    /// <exception cref="EventSerializationException">An event has no JSON that the database can keep.</exception>
    public EncodedUnit(EventUnit unit, JsonWriter payloads)
    {
        Unit = unit;
        var events = unit.Events;
        StreamOrdinals = new int[events.Count];
        Offsets = new int[events.Count];
        TypeNames = new string[events.Count];
        TypeVersions = new int[events.Count];
        Data = new ReadOnlyMemory<byte>[events.Count];
        for (var index = 0; index < events.Count; index++)
        {
            var @event = events[index];
            StreamOrdinals[index] = unit.OrdinalOf(@event.Stream);
            Offsets[index] = @event.Offset;
            TypeNames[index] = @event.Type.Name;
            TypeVersions[index] = @event.Type.Version;
            Data[index] = Encode(@event, payloads);
            Size += Data[index].Length;
        }

        Headers = EncodeHeaders(unit, payloads);
    }

    public EventUnit Unit { get; }

    /// <summary>Per event: where its stream stands in the unit; 1 is the first.</summary>
    public int[] StreamOrdinals { get; }

    /// <summary>Per event: where it stands among those of the unit for its stream; 1 is the first.</summary>
    public int[] Offsets { get; }

    public string[] TypeNames { get; }

    public int[] TypeVersions { get; }

    public ReadOnlyMemory<byte>[] Data { get; }

    /// <summary><see langword="null"/> where no event has headers.</summary>
    public ReadOnlyMemory<byte>[]? Headers { get; }

    /// <summary>How many bytes the payloads have together.</summary>
    public long Size { get; }

    /// <summary>The JSON of an event.</summary>
    /// <exception cref="EventSerializationException">The event has no JSON that the database can keep.</exception>
    public static ReadOnlyMemory<byte> Encode(PendingEvent @event, JsonWriter payloads)
    {
        if (@event.Encoded is { } encoded)
            return encoded;

        return EventJson.Write(@event.Type, @event.Data, @event.Stream.StreamId, payloads);
    }

    private static ReadOnlyMemory<byte>[]? EncodeHeaders(EventUnit unit, JsonWriter payloads)
    {
        if (unit.Headers.Count == 0 && unit.Events.All(static @event => @event.Headers is null))
            return null;

        var encoded = new ReadOnlyMemory<byte>[unit.Events.Count];
        for (var index = 0; index < encoded.Length; index++)
        {
            EventHeaders.Write(payloads.Begin(), EventHeaders.Merge(unit.Headers, unit.Events[index].Headers));
            encoded[index] = payloads.Piece;
        }

        return encoded;
    }
}
