using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Any JSON, as jsonb keeps it: properties in another order, and the last of two with one name.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct JsonElementCodec : IJsonCodec<JsonElement>
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true, MaxDepth = ObjectCodec.MaxDepth };

    /// <inheritdoc/>
    public static void Write(JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined:
                throw new JsonException("default(JsonElement) is not JSON.");
            case JsonValueKind.Object:
                ObjectCodec.RefuseTooDeep(writer);
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    StringKeyCodec.WriteName(writer, TextOf(property, static property => property.Name));
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                ObjectCodec.RefuseTooDeep(writer);
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item);

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                StringCodec.Write(writer, TextOf(value, static value => value.GetString()!));
                break;
            case JsonValueKind.Number when StorableNumber.FindFault(JsonMarshal.GetRawUtf8Value(value)) is { } fault:
                throw new JsonException(fault);
            default:
                writer.WriteRaw(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    /// <summary>Makes an element of what other code writes, which may not know what jsonb cannot keep.</summary>
    internal static JsonElement Make<T>(T value, Action<T, Utf8JsonWriter> write)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var foreign = new Utf8JsonWriter(json, Options))
            write(value, foreign);

        var reader = new Utf8JsonReader(json.WrittenSpan);
        var written = JsonElement.ParseValue(ref reader);

        // Refuses anything after the first value: it would be lost.
        reader.Read();
        return written;
    }

    /// <inheritdoc/>
    public static JsonElement Read(ref Utf8JsonReader reader) => JsonElement.ParseValue(ref reader);

    /// <summary>A text of parsed JSON, whose escapes were not checked before.</summary>
    private static string TextOf<TSource>(TSource source, Func<TSource, string> text)
    {
        try
        {
            return text(source);
        }
        catch (InvalidOperationException failure)
        {
            throw new JsonException("A text holds a lone surrogate, which is not a character.", failure);
        }
    }
}
