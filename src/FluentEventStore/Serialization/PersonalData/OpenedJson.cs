using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// Decrypts the JSON of a shape without a declared type, so that its upcaster need not know of encryption. Each value with the mark of the
/// event becomes the value that it holds, or null if its subject is forgotten. What only looks encrypted stays as it is.
/// </summary>
internal static class OpenedJson
{
    /// <summary>Reads the value that the reader stands on, decrypted.</summary>
    /// <param name="reader">Stands on the value.</param>
    /// <param name="scope">The scope of the event, which has a mark.</param>
    public static JsonElement Read(ref Utf8JsonReader reader, PersonalDataScope scope)
    {
        using var writer = new JsonWriter();
        Copy(ref reader, writer, propertyName: "", scope);
        var opened = new Utf8JsonReader(writer.Piece.Span);
        return JsonElement.ParseValue(ref opened);
    }

    private static void Copy(ref Utf8JsonReader reader, JsonWriter writer, string propertyName, PersonalDataScope scope)
    {
        if (SealedValue.TryRead(ref reader, scope.Mark!, isPersonal: false, out var subject, out var data))
        {
            Open(writer, subject, data, propertyName, scope);
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
                    Copy(ref reader, writer, name, scope);
                }

                writer.WriteEndObject();
                break;

            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    Copy(ref reader, writer, propertyName, scope);

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

    private static void Open(JsonWriter writer, SubjectId subject, byte[] data, string propertyName, PersonalDataScope scope)
    {
        if (!scope.TryGet(subject, out var key) || key.IsForgotten || scope.Decrypt(data, key, subject, propertyName) is not { } plain)
        {
            writer.WriteNull();
            return;
        }

        // What is encrypted may hold personal data of others, encrypted once more.
        var json = new Utf8JsonReader(plain);
        json.Read();
        Copy(ref json, writer, propertyName, scope);
    }
}
