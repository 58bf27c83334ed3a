using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="short"/> as a JSON number.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Int16Codec : IJsonCodec<short>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, short value) => writer.WriteNumber(value);

    /// <inheritdoc/>
    public static short Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt16(out var value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "short");
}
