using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// Finds out which member a byte of a JSON text belongs to. It walks the text from its beginning, so codecs need not keep track of where
/// they are, and only an error costs something.
/// </summary>
internal static class JsonPath
{
    private const int MaxNameLength = 100;

    /// <summary>The path of the member in which the text ends. The text may be cut off: <c>$.lines[2].price</c>.</summary>
    public static JsonPlace WhereItEnds(ReadOnlySpan<byte> json) =>
        new(Find(json, json.Length, isCutOff: true), JsonExcerpt.Around(json, json.Length));

    /// <summary>The path of the member whose value holds the byte at the offset.</summary>
    public static JsonPlace PlaceOf(ReadOnlySpan<byte> json, long offset) =>
        new(Find(json, offset + 1, isCutOff: false), JsonExcerpt.Around(json, offset));

    private static string Find(ReadOnlySpan<byte> json, long offset, bool isCutOff)
    {
        var levels = new Stack<Level>();
        var pending = default(string);
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 1000 }));
        try
        {
            while (reader.Read() && reader.TokenStartIndex < offset)
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        pending = NameOf(ref reader);
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        CountElement(levels, pending);
                        levels.Push(new Level(pending, reader.TokenType == JsonTokenType.StartArray));
                        pending = null;
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        // The end of a value is a part of it: there the reader finds what the value lacks.
                        pending = levels.Pop().Name;
                        pending = isCutOff || reader.BytesConsumed < offset ? null : pending;
                        break;
                    default:
                        CountElement(levels, pending);
                        pending = isCutOff || reader.BytesConsumed < offset ? null : pending;
                        break;
                }
            }

            // A number at the end of the text could go on, so the reader did not take it; but it was written as a whole.
            if (isCutOff && reader.BytesConsumed < json.Length)
            {
                CountElement(levels, pending);
                pending = null;
            }
        }
        catch (JsonException)
        {
            // From here on the text is no JSON; the path up to here is the answer.
        }

        // The value that could not be written is the next element.
        if (isCutOff)
            CountElement(levels, pending);

        return Render(levels, pending);
    }

    private static void CountElement(Stack<Level> levels, string? pending)
    {
        if (pending is null && levels.TryPeek(out var level) && level.IsArray)
            level.Index++;
    }

    // A name that is no valid text, or too long, is shown as it stands.
    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.ValueSpan.Length > MaxNameLength ? JsonExcerpt.Start(reader.ValueSpan, MaxNameLength) : reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return JsonExcerpt.Start(reader.ValueSpan, MaxNameLength);
        }
    }

    private static string Render(Stack<Level> levels, string? pending)
    {
        var path = new StringBuilder("$");
        foreach (var level in levels.Reverse())
        {
            AppendName(path, level.Name);
            if (level is { IsArray: true, Index: >= 0 })
                path.Append(CultureInfo.InvariantCulture, $"[{level.Index}]");
        }

        AppendName(path, pending);
        return path.ToString();
    }

    private static void AppendName(StringBuilder path, string? name)
    {
        if (name is null)
            return;

        if (name.Length > 0 && name.All(static character => char.IsLetterOrDigit(character) || character == '_'))
            path.Append('.').Append(name);
        else
            path.Append("['").Append(name.Replace("'", "\\'", StringComparison.Ordinal)).Append("']");
    }

    private sealed class Level(string? name, bool isArray)
    {
        public string? Name { get; } = name;

        public bool IsArray { get; } = isArray;

        public int Index { get; set; } = -1;
    }
}
