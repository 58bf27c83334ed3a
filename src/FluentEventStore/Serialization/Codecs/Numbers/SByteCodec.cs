using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="sbyte"/> as a JSON number.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SByteCodec : IJsonCodec<sbyte>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, sbyte value) => writer.WriteNumber(value);

    /// <inheritdoc/>
    public static sbyte Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetSByte(out var value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "sbyte");
}
