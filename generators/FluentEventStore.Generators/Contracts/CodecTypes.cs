using FluentEventStore.Generators.Codecs;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;

namespace FluentEventStore.Generators.Contracts;

/// <summary>What the codecs of an event write, in the words of a contract.</summary>
internal sealed class CodecTypes(EquatableArray<Shape> shapes)
{
    private const string Library = KnownCodecs.Library;

    /// <summary>The collections of .NET that hold each item once, by the names of their factories.</summary>
    private static readonly string[] Sets = ["HashSet", "ISet", "IReadOnlySet", "SortedSet", "ImmutableHashSet", "IImmutableSet", "ImmutableSortedSet", "FrozenSet"];

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["BooleanCodec"] = "boolean",
        ["ByteCodec"] = "uint8",
        ["SByteCodec"] = "int8",
        ["Int16Codec"] = "int16",
        ["UInt16Codec"] = "uint16",
        ["Int32Codec"] = "int32",
        ["UInt32Codec"] = "uint32",
        ["Int64Codec"] = "int64",
        ["UInt64Codec"] = "uint64",
        ["IntegerCodec<global::System.Int128>"] = "int128",
        ["IntegerCodec<global::System.UInt128>"] = "uint128",
        ["IntegerCodec<global::System.Numerics.BigInteger>"] = "integer",
        ["HalfCodec"] = "float16",
        ["SingleCodec"] = "float32",
        ["DoubleCodec"] = "float64",
        ["DecimalCodec"] = "decimal",
        ["CharCodec"] = "character",
        ["StringCodec"] = "text",
        ["GuidCodec"] = "guid",
        ["DateTimeCodec"] = "instant",
        ["DateTimeOffsetCodec"] = "instant with offset",
        ["DateOnlyCodec"] = "date",
        ["TimeOnlyCodec"] = "time",
        ["TimeSpanCodec"] = "duration",
        ["UriCodec"] = "uri",
        ["VersionCodec"] = "version number",
        ["StreamIdCodec"] = "stream id",
        ["ByteArrayCodec"] = "base64",
        ["MemoryCodec"] = "base64",
        ["ReadOnlyMemoryCodec"] = "base64",
        ["JsonElementCodec"] = "json",
        ["JsonNodeCodec<global::System.Text.Json.Nodes.JsonNode>"] = "json",
        ["JsonNodeCodec<global::System.Text.Json.Nodes.JsonObject>"] = "json object",
        ["JsonNodeCodec<global::System.Text.Json.Nodes.JsonArray>"] = "json array",
        ["JsonNodeCodec<global::System.Text.Json.Nodes.JsonValue>"] = "json value",
        ["StringKeyCodec"] = "text",
        ["GuidKeyCodec"] = "guid",
        ["NumberKeyCodec<byte>"] = "uint8",
        ["NumberKeyCodec<sbyte>"] = "int8",
        ["NumberKeyCodec<short>"] = "int16",
        ["NumberKeyCodec<ushort>"] = "uint16",
        ["NumberKeyCodec<int>"] = "int32",
        ["NumberKeyCodec<uint>"] = "uint32",
        ["NumberKeyCodec<long>"] = "int64",
        ["NumberKeyCodec<ulong>"] = "uint64",
    };

    /// <summary>What a codec writes; the word of an object is the codec's name.</summary>
    /// <param name="codec">The fully qualified codec of a value or of keys.</param>
    public ContractType Of(string codec)
    {
        if (!codec.StartsWith(Library, StringComparison.Ordinal))
            return OfGenerated(codec.Substring(codec.LastIndexOf('.') + 1));

        var name = codec.Substring(Library.Length);
        if (Words.TryGetValue(name, out var word))
            return new ContractType(ContractKind.Leaf, word);

        var arguments = ArgumentsOf(name);
        return (name.Substring(0, Math.Max(0, name.IndexOf('<'))), arguments.Count) switch
        {
            ("NullableCodec" or "OptionalCodec", 2) => Of(arguments[1]) with { IsNullable = true },
            ("ArrayCodec" or "ListCodec" or "ImmutableArrayCodec", 2) => new ContractType(ContractKind.Array, Item: Of(arguments[1])),
            ("CollectionCodec", 4) when Sets.Any(set => arguments[3].StartsWith($"{Library}CollectionFactories.{set}<", StringComparison.Ordinal)) => new ContractType(ContractKind.Set, Item: Of(arguments[2])),
            ("OwnSetCodec", 3) => new ContractType(ContractKind.Set, Item: Of(arguments[2])),
            ("ListCodec" or "OwnCollectionCodec", 3) or ("CollectionCodec", 4) => new ContractType(ContractKind.Array, Item: Of(arguments[2])),
            ("DictionaryCodec" or "OwnDictionaryCodec", 5 or 6) => new ContractType(ContractKind.Map, Key: Of(arguments[3]), Item: Of(arguments[4])),
            ("TextNumberCodec" or "LenientNumberCodec" or "NamedNumberCodec", 2) => new ContractType(ContractKind.Leaf, Of(arguments[1]).Word + LeafTypes.OrText),
            ("EnumNumberCodec", 3) => new ContractType(ContractKind.Numbers, Of(arguments[2]).Word, Names: NumbersOf(arguments[0])),
            ("ConverterCodec", 2) => new ContractType(ContractKind.Leaf, "converted by " + arguments[1].Replace("global::", "")),
            ("NullableConverterCodec" or "OptionalConverterCodec", 2) => Of($"{Library}ConverterCodec<{arguments[0]}, {arguments[1]}>") with { IsNullable = true },
            _ => new ContractType(ContractKind.Leaf, name),
        };
    }

    private EquatableArray<string> NumbersOf(string enumType) => shapes.OfType<NumbersShape>().Single(shape => shape.TypeName == enumType).Names;

    private ContractType OfGenerated(string name) => shapes.FirstOrDefault(shape => shape.CodecName == name) switch
    {
        EnumShape type => new ContractType(
            type.IsFlags ? ContractKind.Flags : ContractKind.Enum,
            Names: type.Names.Select(static value => value.JsonName).OrderBy(static value => value, StringComparer.Ordinal).ToEquatableArray()),
        WrapperShape type => Of(type.ValueCodec),
        _ => new ContractType(ContractKind.Object, name),
    };

    private static List<string> ArgumentsOf(string codec)
    {
        var arguments = new List<string>();
        var depth = 0;
        var start = 0;
        for (var index = 0; index < codec.Length; index++)
        {
            switch (codec[index])
            {
                case '<' when ++depth == 1:
                    start = index + 1;
                    break;
                case ',' when depth == 1:
                    arguments.Add(codec.Substring(start, index - start).Trim());
                    start = index + 1;
                    break;
                case '>' when depth-- == 1:
                    arguments.Add(codec.Substring(start, index - start).Trim());
                    break;
            }
        }

        return arguments;
    }
}
