using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A text as a JSON string; null is refused both ways.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StringCodec : IJsonCodec<string>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, string value)
    {
        if (value is null)
            throw JsonFailure.Null("string");

        writer.WriteText(value);
    }

    /// <inheritdoc/>
    public static string Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw JsonFailure.Unreadable(ref reader, "string");
}
