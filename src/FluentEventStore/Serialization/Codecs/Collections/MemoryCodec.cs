using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Bytes as a JSON string in base64; read into an array of their own.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct MemoryCodec : IJsonCodec<Memory<byte>>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, Memory<byte> value) => writer.WriteBase64(value.Span);

    /// <inheritdoc/>
    public static Memory<byte> Read(ref Utf8JsonReader reader) => ByteArrayCodec.Read(ref reader);
}
