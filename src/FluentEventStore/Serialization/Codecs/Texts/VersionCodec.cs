using System.Buffers;
using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="System.Version"/> of two to four numbers as a JSON string: <c>"1.2.3"</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct VersionCodec : IJsonCodec<Version>
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("0123456789.");

    /// <inheritdoc/>
    public static void Write(JsonWriter writer, Version value)
    {
        if (value is null)
            throw JsonFailure.Null("Version");

        writer.WriteQuoted(value, default);
    }

    /// <inheritdoc/>
    public static Version Read(ref Utf8JsonReader reader)
    {
        // The parser also takes spaces and signs, but no version is written with them.
        Span<char> text = stackalloc char[JsonText.ShortLength];
        return JsonText.TryCopy(ref reader, text, out var length)
            && !text[..length].ContainsAnyExcept(Allowed)
            && Version.TryParse(text[..length], out var value)
                ? value
                : throw JsonFailure.Unreadable(ref reader, "Version");
    }
}
