using System.Buffers;
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
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
            Copy(ref reader, writer, propertyName: "");

        var opened = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref opened);
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, string propertyName)
    {
        if (SealedValue.TryRead(ref reader, out var subject, out var data))
        {
            if (PersonalDataScope.Current.TryGet(subject, out var key) && !key.IsForgotten)
                writer.WriteRawValue(SealedValue.Decrypt(data, key, subject, propertyName), skipInputValidation: true);
            else
                writer.WriteNullValue();

            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    writer.WritePropertyName(name);
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
                writer.WriteStringValue(reader.GetString());
                break;

            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
