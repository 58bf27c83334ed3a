using System.Diagnostics;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A stored shape without a declared type: its data is the JSON itself, which an upcaster takes.</summary>
internal sealed class JsonEventType(string name, int version) : EventType(name, version, typeof(JsonElement))
{
    // Nothing says that it holds none.
    internal override bool HoldsPersonalData => true;

    internal override EventType As(string name) => throw new UnreachableException();

    // Nobody can append a JsonElement: it is no event type.
    internal override void Write(JsonWriter writer, object data) => throw new UnreachableException();

    internal override IEvent Record(object data, in EventMetadata metadata) => throw new UnreachableException();

    internal override IEvent Read(ref Utf8JsonReader reader, in EventMetadata metadata) => throw new UnreachableException();

    // A copy that lives as long as somebody holds it: the upcaster's result may read it later.
    internal override object ReadData(ref Utf8JsonReader reader) =>
        PersonalDataScope.Current is { Mark: not null } scope ? OpenedJson.Read(ref reader, scope) : JsonElement.ParseValue(ref reader);
}
