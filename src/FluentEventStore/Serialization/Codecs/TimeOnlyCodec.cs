using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="System.TimeOnly"/> as a JSON string, <c>HH:mm:ss.fffffff</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TimeOnlyCodec : IJsonCodec<TimeOnly>
{
    private const int QuotedLength = 18;

    /// <inheritdoc/>
    public static void Write(Utf8JsonWriter writer, TimeOnly value)
    {
        Span<byte> quoted = stackalloc byte[QuotedLength];
        quoted[0] = quoted[^1] = (byte)'"';
        value.TryFormat(quoted[1..^1], out _, "O", CultureInfo.InvariantCulture);
        JsonText.WriteQuoted(writer, quoted);
    }

    /// <inheritdoc/>
    public static TimeOnly Read(ref Utf8JsonReader reader)
    {
        Span<char> text = stackalloc char[JsonText.ShortLength];
        return JsonText.TryCopy(ref reader, text, out var length)
            && TimeOnly.TryParse(text[..length], CultureInfo.InvariantCulture, DateTimeStyles.None, out var value)
                ? value
                : throw JsonFailure.Unreadable(ref reader, "TimeOnly");
    }
}
