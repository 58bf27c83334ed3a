using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="ushort"/> as a JSON number.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct UInt16Codec : IJsonCodec<ushort>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, ushort value) => writer.WriteNumber(value);

    /// <inheritdoc/>
    public static ushort Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt16(out var value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "ushort");
}
