using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="uint"/> as a JSON number.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct UInt32Codec : IJsonCodec<uint>
{
    /// <inheritdoc/>
    public static void Write(Utf8JsonWriter writer, uint value) => writer.WriteNumberValue(value);

    /// <summary>Writes a property in one call, which is quicker than its name and its value.</summary>
    public static void WriteProperty(Utf8JsonWriter writer, JsonEncodedText name, uint value) => writer.WriteNumber(name, value);

    /// <inheritdoc/>
    public static uint Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out var value) ? value : throw JsonFailure.Unreadable(ref reader, "uint");
}
