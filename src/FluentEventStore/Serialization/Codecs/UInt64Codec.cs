using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="ulong"/> as a JSON number.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct UInt64Codec : IJsonCodec<ulong>
{
    /// <inheritdoc/>
    public static void Write(Utf8JsonWriter writer, ulong value) => writer.WriteNumberValue(value);

    /// <summary>Writes a property in one call, which is quicker than its name and its value.</summary>
    public static void WriteProperty(Utf8JsonWriter writer, JsonEncodedText name, ulong value) => writer.WriteNumber(name, value);

    /// <inheritdoc/>
    public static ulong Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var value) ? value : throw JsonFailure.Unreadable(ref reader, "ulong");
}
