using System.Text.Json;
using FluentEventStore.Serialization;

namespace FluentEventStore.Messages;

internal sealed class MessageType<T, TCodec>(string name) : MessageType(name, typeof(T))
    where TCodec : struct, IJsonCodec<T>
{
    protected override void Write(JsonWriter writer, object message) => TCodec.Write(writer, (T)message);

    protected override object Read(ref Utf8JsonReader reader) => TCodec.Read(ref reader)!;
}
