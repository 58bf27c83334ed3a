using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="Half"/> as a JSON number; NaN and the infinities have none.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct HalfCodec : IJsonCodec<Half>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, Half value)
    {
        if (!Half.IsFinite(value))
            throw new JsonException($"JSON has no number for {value.ToString(CultureInfo.InvariantCulture)}.");

        writer.WriteNumber(value);
    }

    /// <inheritdoc/>
    public static Half Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && Half.IsFinite((Half)number)
            ? (Half)number
            : throw JsonFailure.Unreadable(ref reader, "Half");
}
