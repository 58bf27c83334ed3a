using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A text as a JSON string; null is refused both ways.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StringCodec : IJsonCodec<string>
{
    /// <inheritdoc/>
    public static void Write(Utf8JsonWriter writer, string value)
    {
        if (value is null)
            throw JsonFailure.Null("string");

        JsonText.RefuseUnstorable(value);
        writer.WriteStringValue(value);
    }

    /// <summary>Writes a property in one call, which is quicker than its name and its value.</summary>
    public static void WriteProperty(Utf8JsonWriter writer, JsonEncodedText name, string value)
    {
        if (value is not null && JsonText.IsPlain(value))
        {
            writer.WriteString(name, value);
            return;
        }

        writer.WritePropertyName(name);
        Write(writer, value!);
    }

    /// <inheritdoc/>
    public static string Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw JsonFailure.Unreadable(ref reader, "string");
}
