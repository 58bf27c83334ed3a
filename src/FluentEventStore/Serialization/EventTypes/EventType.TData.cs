using System.Text.Json;

namespace FluentEventStore.Serialization;

internal sealed class EventType<T, TCodec>(string name, int version, bool holdsPersonalData, Func<T, Tag[]>? tags)
    : EventType(name, version, typeof(T))
    where T : notnull
    where TCodec : struct, IJsonCodec<T>
{
    internal override bool HoldsPersonalData { get; } = holdsPersonalData;

    internal override EventType As(string name) => new EventType<T, TCodec>(name, Version, HoldsPersonalData, tags) { Columns = Columns };

    internal override Tag[] TagsOf(object data) => tags is null ? [] : [.. tags((T)data).Distinct()];

    internal override void Write(JsonWriter writer, object data) => TCodec.Write(writer, (T)data);

    internal override object ReadData(ref Utf8JsonReader reader) => TCodec.Read(ref reader);

    internal override IEvent Read(ref Utf8JsonReader reader, in EventMetadata metadata) =>
        new RecordedEvent<T>(TCodec.Read(ref reader), metadata);

    internal override IEvent Record(object data, in EventMetadata metadata) => new RecordedEvent<T>((T)data, metadata);
}
