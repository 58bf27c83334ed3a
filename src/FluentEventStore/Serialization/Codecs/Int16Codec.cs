using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="short"/> as a JSON number.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Int16Codec : IJsonCodec<short>
{
    /// <inheritdoc/>
    public static void Write(Utf8JsonWriter writer, short value) => writer.WriteNumberValue(value);

    /// <summary>Writes a property in one call, which is quicker than its name and its value.</summary>
    public static void WriteProperty(Utf8JsonWriter writer, JsonEncodedText name, short value) => writer.WriteNumber(name, value);

    /// <inheritdoc/>
    public static short Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt16(out var value) ? value : throw JsonFailure.Unreadable(ref reader, "short");
}
