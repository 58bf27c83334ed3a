using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="System.TimeSpan"/> as a JSON string in the constant form <c>[-][d.]hh:mm:ss[.fffffff]</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TimeSpanCodec : IJsonCodec<TimeSpan>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TimeSpan value) => writer.WriteQuoted(value, "c");

    /// <inheritdoc/>
    public static TimeSpan Read(ref Utf8JsonReader reader)
    {
        Span<char> text = stackalloc char[JsonText.ShortLength];
        return JsonText.TryCopy(ref reader, text, out var length)
            && TimeSpan.TryParseExact(text[..length], "c", CultureInfo.InvariantCulture, out var value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "TimeSpan");
    }
}
