using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="byte"/> as a JSON number.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ByteCodec : IJsonCodec<byte>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, byte value) => writer.WriteNumber(value);

    /// <inheritdoc/>
    public static byte Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetByte(out var value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "byte");
}
