using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// JSON as the database gives it back. <c>jsonb</c> orders the names of an object by their length and bytes, keeps the last value of a name
/// that comes twice, and keeps numbers with all their digits, but zero without a sign.
/// </summary>
internal static class StoredJson
{
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>What is read if this was written.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, AnyDepth);
        var output = new ArrayBufferWriter<byte>(json.Length + (json.Length / 4));
        Write(document.RootElement, output);
        return output.WrittenMemory;
    }

    private static void Write(JsonElement element, ArrayBufferWriter<byte> output)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, output);
                break;
            case JsonValueKind.Array:
                WriteArray(element, output);
                break;
            case JsonValueKind.String:
                WriteText(element.GetString()!, output);
                break;
            case JsonValueKind.Number:
                output.Write(Encoding.ASCII.GetBytes(NumberOf(element.GetRawText())));
                break;
            default:
                output.Write(Encoding.ASCII.GetBytes(element.GetRawText()));
                break;
        }
    }

    private static void WriteObject(JsonElement element, ArrayBufferWriter<byte> output)
    {
        var last = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
            last[property.Name] = property.Value;

        var (separator, names) = ("{", last.Keys.Select(static name => (Name: name, Bytes: Encoding.UTF8.GetBytes(name))).ToList());
        names.Sort(
            static (one, other) => one.Bytes.Length != other.Bytes.Length
                ? one.Bytes.Length - other.Bytes.Length
                : one.Bytes.AsSpan().SequenceCompareTo(other.Bytes));
        foreach (var (name, _) in names)
        {
            output.Write(Encoding.ASCII.GetBytes(separator));
            WriteText(name, output);
            output.Write(": "u8);
            Write(last[name], output);
            separator = ", ";
        }

        output.Write(names.Count == 0 ? "{}"u8 : "}"u8);
    }

    private static void WriteArray(JsonElement element, ArrayBufferWriter<byte> output)
    {
        var separator = "[";
        foreach (var item in element.EnumerateArray())
        {
            output.Write(Encoding.ASCII.GetBytes(separator));
            Write(item, output);
            separator = ", ";
        }

        output.Write(separator == "[" ? "[]"u8 : "]"u8);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        var escaped = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append(@"\\"),
                '\b' => escaped.Append(@"\b"),
                '\f' => escaped.Append(@"\f"),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\t' => escaped.Append(@"\t"),
                < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => escaped.Append(c),
            };
        }

        output.Write(Encoding.UTF8.GetBytes(escaped.Append('"').ToString()));
    }

    /// <summary>A number without an exponent, with as many digits after the point as its text says.</summary>
    private static string NumberOf(string number)
    {
        var (isNegative, unsigned) = (number[0] == '-', number.TrimStart('-'));
        var mark = unsigned.IndexOfAny(['e', 'E']);
        var mantissa = mark < 0 ? unsigned : unsigned[..mark];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - (mark < 0
            ? 0
            : int.Parse(unsigned[(mark + 1)..], CultureInfo.InvariantCulture));
        if (scale < 0)
            (digits, scale) = (digits + new string('0', -scale), 0);

        digits = digits.TrimStart('0').PadLeft(scale + 1, '0');
        var text = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return isNegative && digits.AsSpan().ContainsAnyExcept('0') ? $"-{text}" : text;
    }
}
