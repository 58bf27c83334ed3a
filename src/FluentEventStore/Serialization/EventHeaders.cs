using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Headers as the database keeps them: one JSON object of texts.</summary>
internal static class EventHeaders
{
    /// <summary>Refuses what the database could not keep.</summary>
    /// <exception cref="ArgumentException">The key is empty, or a text holds NUL or a lone surrogate.</exception>
    public static void Check(string key, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        StorableText.Check(key, nameof(key));
        StorableText.Check(value, nameof(value));
    }

    /// <summary>The headers of an event: its own, and those of its session that it has none of that name for.</summary>
    public static IReadOnlyDictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> ofSession, IReadOnlyDictionary<string, string>? ofEvent)
    {
        if (ofEvent is null)
            return ofSession;

        var merged = new Dictionary<string, string>(ofSession, StringComparer.Ordinal);
        foreach (var (key, value) in ofEvent)
            merged[key] = value;

        return merged;
    }

    public static void Write(JsonWriter writer, IReadOnlyDictionary<string, string> headers)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in headers)
        {
            writer.WriteName(key);
            writer.WriteText(value);
        }

        writer.WriteEndObject();
    }

    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> json)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            headers[key] = reader.TokenType == JsonTokenType.String ? reader.GetString()! : TextOf(ref reader);
        }

        return headers;
    }

    // Somebody wrote it by SQL: a header is a text, so another value is given as its JSON.
    private static string TextOf(ref Utf8JsonReader reader)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.GetRawText();
    }
}
