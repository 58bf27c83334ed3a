using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Headers as the database keeps them: one JSON object of texts.</summary>
internal static class EventHeaders
{
    /// <summary>How many headers a session or an event has at most.</summary>
    public const int MaxCount = 100;

    /// <summary>How many UTF-16 characters the key of a header has at most.</summary>
    public const int MaxKeyLength = 250;

    /// <summary>
    /// How many UTF-16 characters at most the value of a header has, or another text that is written with every event of a unit.
    /// </summary>
    public const int MaxValueLength = 8_000;

    /// <summary>Adds a header, or replaces the one with that key.</summary>
    /// <exception cref="ArgumentException">
    /// The key is empty, a text holds NUL or a lone surrogate or is too long, or there are too many headers.
    /// </exception>
    public static Dictionary<string, string> Set(Dictionary<string, string>? headers, string key, string value)
    {
        Check(key, value);
        CheckLength(key, MaxKeyLength, "key of a header", nameof(key));
        CheckLength(value, MaxValueLength, "value of a header", nameof(value));
        if (headers?.Count >= MaxCount && !headers.ContainsKey(key))
            throw new ArgumentException(
                $"An event has at most {MaxCount} headers of its own and as many of its session; '{key}' is one too many.", nameof(key));

        headers ??= new Dictionary<string, string>(StringComparer.Ordinal);
        headers[key] = value;
        return headers;
    }

    /// <summary>A text that is written with every event of a unit.</summary>
    /// <exception cref="ArgumentException">It is too long, or holds NUL or a lone surrogate.</exception>
    public static string? Storable(string? text, string name)
    {
        StorableText.Check(text, name);
        CheckLength(text, MaxValueLength, name, name);
        return text;
    }

    /// <exception cref="ArgumentException">The text is longer than that.</exception>
    public static void CheckLength(string? text, int maxLength, string what, string parameterName)
    {
        if (text?.Length > maxLength)
            throw new ArgumentException($"A {what} has at most {maxLength} characters; this one has {text.Length}.", parameterName);
    }

    /// <summary>Refuses what the database could not keep.</summary>
    /// <exception cref="ArgumentException">The key is empty, or a text holds NUL or a lone surrogate.</exception>
    public static void Check(string key, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        StorableText.Check(key, nameof(key));
        StorableText.Check(value, nameof(value));
    }

    /// <summary>The headers of an event: its own, and those of its session whose names it does not have itself.</summary>
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

    /// <summary>The headers as JSON; <see langword="null"/> if there are none.</summary>
    public static string? ToJson(IReadOnlyDictionary<string, string>? headers)
    {
        if (headers is not { Count: > 0 })
            return null;

        using var writer = new JsonWriter();
        Write(writer.Begin(), headers);
        return System.Text.Encoding.UTF8.GetString(writer.Piece.Span);
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

    // Written by SQL: a header is a text, so another value is returned as its JSON.
    private static string TextOf(ref Utf8JsonReader reader)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.GetRawText();
    }
}
