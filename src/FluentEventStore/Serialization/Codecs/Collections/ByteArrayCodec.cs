using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Bytes as a JSON string in base64.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ByteArrayCodec : IJsonCodec<byte[]>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, byte[] value)
    {
        if (value is null)
            throw JsonFailure.Null("byte[]");

        writer.WriteBase64(value);
    }

    /// <inheritdoc/>
    public static byte[] Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "byte[]");
}
