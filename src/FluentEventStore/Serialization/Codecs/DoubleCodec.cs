using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="double"/> as a JSON number; NaN and the infinities have none.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DoubleCodec : IJsonCodec<double>
{
    /// <inheritdoc/>
    public static void Write(Utf8JsonWriter writer, double value)
    {
        if (!double.IsFinite(value))
            throw new JsonException($"JSON has no number for {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}.");

        writer.WriteNumberValue(value);
    }

    /// <summary>Writes a property in one call, which is quicker than its name and its value.</summary>
    public static void WriteProperty(Utf8JsonWriter writer, JsonEncodedText name, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumber(name, value);
            return;
        }

        writer.WritePropertyName(name);
        Write(writer, value);
    }

    /// <inheritdoc/>
    public static double Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "double");
}
