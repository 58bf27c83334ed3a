using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace FluentEventStore.Events;

/// <summary>Judges JSON that somebody else wrote: whether jsonb can keep it, and readers can read it.</summary>
internal static class StorableJson
{
    /// <summary>The depth that codecs read.</summary>
    public const int MaxDepth = 64;

    // numeric keeps 131072 digits before the point and 16383 after it. No real number comes near.
    private const int MaxExponent = 16_000;
    private const int MaxDigits = 16_000;

    /// <summary>What is wrong with a text that should be one JSON value; <see langword="null"/> where nothing is.</summary>
    public static string? FindFault(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return "It is not valid UTF-8.";

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read())
                return "It is empty.";

            do
            {
                if (FindFault(ref reader) is { } fault)
                    return fault;
            }
            while (reader.Read());
            return null;
        }
        catch (JsonException failure)
        {
            return $"It is not JSON: {failure.Message}";
        }
    }

    /// <summary>What is wrong with the current token.</summary>
    public static string? FindFault(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped => FindFaultOfText(ref reader),
        JsonTokenType.Number => FindFaultOfNumber(reader.ValueSpan),
        _ => null,
    };

    private static string? FindFaultOfText(ref Utf8JsonReader reader)
    {
        try
        {
            return StorableText.FindFault(reader.GetString());
        }
        catch (InvalidOperationException)
        {
            return "An escaped lone surrogate is no valid Unicode.";
        }
    }

    private static string? FindFaultOfNumber(ReadOnlySpan<byte> number)
    {
        var mark = number.IndexOfAny((byte)'e', (byte)'E');
        var isKept = number.Length <= MaxDigits
            && (mark < 0
                || (int.TryParse(number[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
                    && exponent is >= -MaxExponent and <= MaxExponent));
        return isKept ? null : $"A number has more than {MaxDigits} digits or an exponent beyond {MaxExponent}, which PostgreSQL may not keep.";
    }
}
