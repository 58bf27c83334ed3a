using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Finds encrypted values in the JSON of an event, whatever its type is.</summary>
internal static class SealedJson
{
    /// <summary>Calls back for each encrypted value of the JSON that is not inside another.</summary>
    /// <param name="json">The JSON of an event, or what was encrypted in one.</param>
    /// <param name="propertyName">The name of the property that holds the JSON; empty for the JSON of an event.</param>
    /// <param name="mark">The mark of the event.</param>
    /// <param name="visit">Called with the subject, the name of the property and the bytes.</param>
    /// <exception cref="JsonException">A value is damaged.</exception>
    public static void Visit(ReadOnlySpan<byte> json, string propertyName, byte[] mark, Action<SubjectId, string, byte[]> visit)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Visit(ref reader, propertyName, mark, visit);
    }

    private static void Visit(ref Utf8JsonReader reader, string propertyName, byte[] mark, Action<SubjectId, string, byte[]> visit)
    {
        if (SealedValue.TryRead(ref reader, mark, isPersonal: false, out var subject, out var data))
        {
            visit(subject, propertyName, data);
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                Visit(ref reader, name, mark, visit);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                Visit(ref reader, propertyName, mark, visit);
        }
    }
}
