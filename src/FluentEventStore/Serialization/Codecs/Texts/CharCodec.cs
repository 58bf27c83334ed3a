using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="char"/> as a JSON string of one character.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct CharCodec : IJsonCodec<char>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, char value) => writer.WriteText([value]);

    /// <inheritdoc/>
    public static char Read(ref Utf8JsonReader reader)
    {
        Span<char> text = stackalloc char[JsonText.ShortLength];
        return reader.TokenType == JsonTokenType.String && JsonText.TryCopy(ref reader, text, out var length) && length == 1
            ? text[0]
            : throw JsonFailure.Unreadable(ref reader, "char");
    }
}
