using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="float"/> as a JSON number; NaN and the infinities have none.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SingleCodec : IJsonCodec<float>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, float value)
    {
        if (!float.IsFinite(value))
            throw new JsonException($"JSON has no number for {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}.");

        writer.WriteNumber(value);
    }

    /// <inheritdoc/>
    public static float Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value) && float.IsFinite(value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "float");
}
