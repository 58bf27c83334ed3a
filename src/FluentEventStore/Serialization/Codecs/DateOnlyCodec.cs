using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="System.DateOnly"/> as a JSON string, <c>yyyy-MM-dd</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DateOnlyCodec : IJsonCodec<DateOnly>
{
    private const int QuotedLength = 12;

    /// <inheritdoc/>
    public static void Write(Utf8JsonWriter writer, DateOnly value)
    {
        Span<byte> quoted = stackalloc byte[QuotedLength];
        quoted[0] = quoted[^1] = (byte)'"';
        value.TryFormat(quoted[1..^1], out _, "O", CultureInfo.InvariantCulture);
        JsonText.WriteQuoted(writer, quoted);
    }

    /// <inheritdoc/>
    public static DateOnly Read(ref Utf8JsonReader reader)
    {
        Span<char> text = stackalloc char[JsonText.ShortLength];
        return JsonText.TryCopy(ref reader, text, out var length)
            && DateOnly.TryParseExact(text[..length], "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var value)
                ? value
                : throw JsonFailure.Unreadable(ref reader, "DateOnly");
    }
}
