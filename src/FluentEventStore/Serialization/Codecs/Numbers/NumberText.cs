using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Numbers that are strings in JSON.</summary>
internal static class NumberText
{
    /// <summary>As many digits as PostgreSQL keeps of any number, and the sign.</summary>
    public const int MaxLength = 16_001;

    private const NumberStyles OfIntegers = NumberStyles.AllowLeadingSign;
    private const NumberStyles OfFractions = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static void Write<T>(JsonWriter writer, T value)
        where T : struct, INumberBase<T>
    {
        var text = value.ToString(null, CultureInfo.InvariantCulture);
        if (text.Length > MaxLength)
            throw new JsonException($"The number has more than {MaxLength - 1} digits.");

        writer.WriteText(text);
    }

    /// <summary>Reads a number that stands as a number, or as a string.</summary>
    /// <param name="reader">Stands on it.</param>
    /// <param name="isNamed">Whether <c>NaN</c> and the infinities are read by their names.</param>
    public static T Read<T, TCodec>(ref Utf8JsonReader reader, bool isNamed)
        where T : struct, INumberBase<T>
        where TCodec : struct, IJsonCodec<T>
    {
        if (reader.TokenType != JsonTokenType.String)
            return TCodec.Read(ref reader);

        ReadOnlySpan<char> text = reader.GetString();

        // A number beyond the range is parsed as infinity, but only the name of infinity may stand for it.
        return text.Length <= MaxLength
            && T.TryParse(text, StyleOf<T>(), CultureInfo.InvariantCulture, out var value)
            && (T.IsFinite(value) || (isNamed && !text.ContainsAnyInRange('0', '9')))
            ? value
            : TCodec.Read(ref reader);
    }

    private static NumberStyles StyleOf<T>()
        where T : struct, INumberBase<T> =>
        typeof(T) == typeof(decimal) || typeof(T) == typeof(double) || typeof(T) == typeof(float) || typeof(T) == typeof(Half)
            ? OfFractions
            : OfIntegers;
}
