using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// Decrypts the JSON of a shape that no type is declared for, so that its upcaster need not know of encryption: each value of the sealed form becomes the value that
/// it holds, or null where its subject is forgotten.
/// </summary>
internal static class OpenedJson
{
    /// <summary>Reads the value that the reader stands on, decrypted.</summary>
    public static JsonElement Read(ref Utf8JsonReader reader)
    {
        using var writer = new JsonWriter();
        Copy(ref reader, writer, propertyName: "");
        var opened = new Utf8JsonReader(writer.Piece.Span);
        return JsonElement.ParseValue(ref opened);
    }

    private static void Copy(ref Utf8JsonReader reader, JsonWriter writer, string propertyName)
    {
        if (SealedValue.TryRead(ref reader, out var subject, out var data))
        {
            if (PersonalDataScope.Current.TryGet(subject, out var key) && !key.IsForgotten)
                writer.WriteRaw(SealedValue.Decrypt(data, key, subject, propertyName));
            else
                writer.WriteNull();

            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    writer.WriteName(name);
                    reader.Read();
                    Copy(ref reader, writer, name);
                }

                writer.WriteEndObject();
                break;

            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    Copy(ref reader, writer, propertyName);

                writer.WriteEndArray();
                break;

            case JsonTokenType.String:
                writer.WriteText(reader.GetString());
                break;

            default:
                writer.WriteRaw(reader.ValueSpan);
                break;
        }
    }
}
