using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// Finds out which member a byte of a JSON text belongs to. It walks the text from its beginning, so that codecs need not keep track of where
/// they are: only an error pays for it.
/// </summary>
internal static class JsonPath
{
    /// <summary>The path of the member that the text, which may be cut off, ends in: <c>$.lines[2].price</c>.</summary>
    public static string WhereItEnds(ReadOnlySpan<byte> json) => Find(json, json.Length, isCutOff: true);

    /// <summary>The path of the member whose value holds the byte at the offset.</summary>
    public static string Of(ReadOnlySpan<byte> json, long offset) => Find(json, offset + 1, isCutOff: false);

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
                        pending = reader.GetString();
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        CountElement(levels, pending);
                        levels.Push(new Level(pending, reader.TokenType == JsonTokenType.StartArray));
                        pending = null;
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        levels.Pop();
                        pending = null;
                        break;
                    default:
                        CountElement(levels, pending);
                        pending = reader.BytesConsumed < offset ? null : pending;
                        break;
                }
            }
        }
        catch (JsonException)
        {
            // The text breaks off being JSON here; the path up to here is the answer.
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
