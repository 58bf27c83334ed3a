using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="System.TimeOnly"/> as a JSON string, <c>HH:mm:ss.fffffff</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TimeOnlyCodec : IJsonCodec<TimeOnly>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TimeOnly value) => writer.WriteQuoted(value, "O");

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
