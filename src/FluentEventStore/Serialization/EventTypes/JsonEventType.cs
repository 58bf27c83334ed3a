using System.Diagnostics;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A stored shape that no type is declared for: its data is the JSON itself, for an upcaster to make something of.</summary>
internal sealed class JsonEventType(string name, int version) : EventType(name, version, typeof(JsonElement))
{
    // Nothing says that it does not.
    internal override bool HoldsPersonalData => true;

    internal override EventType As(string name) => throw new UnreachableException();

    // Nobody can append a JsonElement: it is no event type.
    internal override void Write(JsonWriter writer, object data) => throw new UnreachableException();

    internal override IEvent Record(object data, in EventMetadata metadata) => throw new UnreachableException();

    internal override IEvent Read(ref Utf8JsonReader reader, in EventMetadata metadata) => throw new UnreachableException();

    // A copy that lives as long as somebody holds it: what the upcaster makes may look into it later.
    internal override object ReadData(ref Utf8JsonReader reader) =>
        PersonalDataScope.Current is { Mark: not null } scope ? OpenedJson.Read(ref reader, scope) : JsonElement.ParseValue(ref reader);
}
