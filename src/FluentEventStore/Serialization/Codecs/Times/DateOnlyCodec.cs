using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="System.DateOnly"/> as a JSON string, <c>yyyy-MM-dd</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DateOnlyCodec : IJsonCodec<DateOnly>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, DateOnly value) => writer.WriteQuoted(value, "O");

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
