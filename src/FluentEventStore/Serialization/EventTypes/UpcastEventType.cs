using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A stored shape with upcasters: written as it is, read as the last shape of the chain.</summary>
internal sealed class UpcastEventType(EventType stored, Upcaster[] chain, EventType current)
    : EventType(stored.Name, stored.Version, stored.ClrType)
{
    internal override EventType Current => current;

    /// <summary>Whether the stored shape has no declared type, so that its upcaster takes JSON.</summary>
    internal bool HasNoType => stored is JsonEventType;

    internal override bool HoldsPersonalData => stored.HoldsPersonalData;

    internal override EventType As(string name) => new UpcastEventType(stored.As(name), chain, current);

    internal override Tag[] TagsOf(object data) => stored.TagsOf(data);

    internal override void Write(JsonWriter writer, object data) => stored.Write(writer, data);

    internal override object ReadData(ref Utf8JsonReader reader) => stored.ReadData(ref reader);

    internal override IEvent Read(ref Utf8JsonReader reader, in EventMetadata metadata) => Record(stored.ReadData(ref reader), metadata);

    internal override IEvent Record(object data, in EventMetadata metadata)
    {
        foreach (var upcaster in chain)
            data = upcaster.Upcast(data, metadata);

        return current.Record(data, metadata);
    }
}
