using System.Text;
using System.Text.Json;

namespace FluentEventStore.Tests.Serialization.Fuzzing;

/// <summary>Spoils JSON: as bytes, and as JSON whose values and properties are exchanged, doubled and dropped.</summary>
internal sealed class JsonMutator(Random random)
{
    private static readonly string[] Literals =
    [
        "null", "true", "false", "0", "-0", "-0.0", "-1", "1.5", "1e2", "1E+2", "255", "256", "-129", "2147483648", "1e400", "-1e400",
        "1e-400", "1e999999999",
        "18446744073709551616", "79228162514264337593543950336", "340282366920938463463374607431768211456", "NaN", "-Infinity", "01",
        "+1", ".5",
        "\"\"", "\" \"", "\"1\"", "\"-1\"", "\"99999999999999999999\"", "\"NaN\"", "\"Red\"", "\"red\"", "\"Mauve\"", "\"Read, Write\"",
        "\"Read,,Write\"", "\", \"",
        "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83e\\udd86\"", "\"\\u0052ed\"", "\"\\x\"", "\"2024-02-30\"", "\"2024-02-29T24:00:00Z\"",
        "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"", "\"25:00:00\"", "\"99999999.00:00:00\"", "\"00000000-0000-0000-0000-00000000000g\"",
        "\"1.2.3.4.5\"", "\"-1.2\"",
        "\"A===\"", "\"AAAA\"", "\"http://[\"", "[]", "[null]", "[[]]", "[1,\"a\",{}]", "{}", "{\"\":null}", "{\"a\":1,\"a\":2}",
        "{\"s\":\"x\",\"$enc\":\"AAAA\"}",
        "{\"s\":\"\",\"$enc\":\"\"}", "{\"$enc\":\"!\",\"s\":\"x\"}", "{\"s\":\"x\"}", "{\"$type\":\"x\"}", "{\"$type\":\"card\"}",
        "{\"kind\":1}", "{\"kind\":null}", "\"Infinity\"", "\"1e999\"", "'a'", "undefined", "",
    ];

    private static readonly byte[][] Sequences =
    [
        [0xEF, 0xBB, 0xBF], [0xFF], [0xC0, 0x80], [0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x00], "/*x*/"u8
            .ToArray(),
        "//x\n"u8.ToArray(),
        "\\"u8.ToArray(),
        "\""u8.ToArray(),
        "\\u"u8.ToArray(),
        ",,"u8.ToArray(),
        "{"u8.ToArray(),
        "]"u8.ToArray(),
        "}"u8
            .ToArray(), ":"u8.ToArray(),
    ];

    public byte[] Mutate(byte[] json)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
            json = random.Next(3) == 0 ? MutateBytes(json) : MutateStructure(json);

        return json;
    }

    private byte[] MutateBytes(byte[] json)
    {
        var (start, end) = Range(json.Length);
        return random.Next(7) switch
        {
            0 => json[..start],
            1 => Splice(json, start, end, []),
            2 => Splice(json, start, start, json[start..end]),
            3 => Splice(json, start, Math.Min(start + 1, json.Length), [(byte)random.Next(256)]),
            4 => Splice(json, 0, 0, Sequences[0]),
            5 => Splice(json, start, end, Noise(random.Next(1, 9))),
            _ => Splice(json, start, start, Sequences[random.Next(Sequences.Length)]),
        };
    }

    private byte[] MutateStructure(byte[] json)
    {
        var (values, properties) = Scan(json);
        if (values.Count == 0)
            return MutateBytes(json);

        var value = values[random.Next(values.Count)];
        var other = values[random.Next(values.Count)];
        var property = properties.Count > 0 ? properties[random.Next(properties.Count)] : default;
        return random.Next(9) switch
        {
            0 => Replace(json, value, json[other.Start..other.End]),
            1 => Replace(json, value, Nested(json[value.Start..value.End])),
            2 => Replace(json, value, Large()),
            3 => Replace(json, property, [.. json[property.Start..property.End], (byte)',', .. json[property.Start..property.End]]),
            4 => Replace(json, property, []),
            5 =>
                Replace(
                    json,
                    property,
                    [.. Name(json, property), (byte)':', .. Encoding.UTF8.GetBytes(Literals[random.Next(Literals.Length)])]),
            6 =>
                Replace(
                    json,
                    property,
                    [.. "\"unknown\":"u8, .. json[value.Start..value.End], (byte)',', .. json[property.Start..property.End]]),
            _ => Replace(json, value, Encoding.UTF8.GetBytes(Literals[random.Next(Literals.Length)])),
        };
    }

    /// <summary>Where values and properties stand, as far as the text is JSON.</summary>
    private static (List<Span> Values, List<Span> Properties) Scan(byte[] json)
    {
        var (values, properties) = (new List<Span>(), new List<Span>());
        var open = new Stack<(int Start, int NameStart)>();
        var nameStart = -1;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        nameStart = start;
                        continue;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((start, nameStart));
                        nameStart = -1;
                        continue;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        (start, nameStart) = open.Pop();
                        break;
                }

                values.Add(new Span(start, end));
                if (nameStart >= 0)
                    properties.Add(new Span(nameStart, end));

                nameStart = -1;
            }
        }
        catch (JsonException)
        {
            // An earlier mutation spoiled the rest.
        }

        return (values, properties);
    }

    private static ReadOnlySpan<byte> Name(byte[] json, Span property)
    {
        var text = json.AsSpan(property.Start, property.End - property.Start);
        var colon = text.IndexOf("\":"u8);
        return colon < 0 ? text : text[..(colon + 1)];
    }

    private byte[] Nested(byte[] value)
    {
        var depth = random.Next(3) switch { 0 => 1, 1 => random.Next(55, 70), _ => 1000 };
        var (before, after) = random.Next(2) == 0 ? ("[", "]") : ("{\"children\":", "}");
        return
        [
            .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(before, depth))),
            .. value,
            .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(after, depth))),
        ];
    }

    private byte[] Large()
    {
        var length = random.Next(2_000, 20_000);
        return Encoding.UTF8.GetBytes(random.Next(4) switch
        {
            0 => new string('9', length),
            1 => $"\"{new string('ß', length)}\"",
            2 => $"{{\"{new string('n', length)}\":0}}",
            _ => $"[{string.Join(',', Enumerable.Repeat("1", length))}]",
        });
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    private (int Start, int End) Range(int length)
    {
        var start = random.Next(length + 1);
        return (start, Math.Min(length, start + random.Next(1, 20)));
    }

    private static byte[] Replace(byte[] json, Span span, byte[] by) => Splice(json, span.Start, span.End, by);

    private static byte[] Splice(byte[] json, int start, int end, byte[] by) => [.. json[..start], .. by, .. json[end..]];

    private readonly record struct Span(int Start, int End);
}
