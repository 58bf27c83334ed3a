using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="double"/> as a JSON number; NaN and the infinities have none.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DoubleCodec : IJsonCodec<double>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, double value)
    {
        if (!double.IsFinite(value))
            throw new JsonException($"JSON has no number for {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}.");

        writer.WriteNumber(value);
    }

    /// <inheritdoc/>
    public static double Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "double");
}
