using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Codecs;

/// <summary>The codecs of the library; a test resolves each.</summary>
internal static class KnownCodecs
{
    public const string Library = "global::FluentEventStore.Serialization.";

    /// <summary>The codecs of single types, by the metadata names of those.</summary>
    public static readonly Dictionary<string, string> Leaves = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = "BooleanCodec",
        ["System.Byte"] = "ByteCodec",
        ["System.SByte"] = "SByteCodec",
        ["System.Int16"] = "Int16Codec",
        ["System.UInt16"] = "UInt16Codec",
        ["System.Int32"] = "Int32Codec",
        ["System.UInt32"] = "UInt32Codec",
        ["System.Int64"] = "Int64Codec",
        ["System.UInt64"] = "UInt64Codec",
        ["System.Single"] = "SingleCodec",
        ["System.Double"] = "DoubleCodec",
        ["System.Decimal"] = "DecimalCodec",
        ["System.Char"] = "CharCodec",
        ["System.String"] = "StringCodec",
        ["System.Guid"] = "GuidCodec",
        ["System.DateTime"] = "DateTimeCodec",
        ["System.DateOnly"] = "DateOnlyCodec",
        ["System.TimeOnly"] = "TimeOnlyCodec",
        ["System.TimeSpan"] = "TimeSpanCodec",
        ["System.Uri"] = "UriCodec",
        ["System.Half"] = "HalfCodec",
        ["System.Int128"] = "IntegerCodec<global::System.Int128>",
        ["System.UInt128"] = "IntegerCodec<global::System.UInt128>",
        ["System.Numerics.BigInteger"] = "IntegerCodec<global::System.Numerics.BigInteger>",
        ["System.Version"] = "VersionCodec",
        ["System.Text.Json.JsonElement"] = "JsonElementCodec",
        ["System.Text.Json.Nodes.JsonNode"] = "JsonNodeCodec<global::System.Text.Json.Nodes.JsonNode>",
        ["System.Text.Json.Nodes.JsonObject"] = "JsonNodeCodec<global::System.Text.Json.Nodes.JsonObject>",
        ["System.Text.Json.Nodes.JsonArray"] = "JsonNodeCodec<global::System.Text.Json.Nodes.JsonArray>",
        ["System.Text.Json.Nodes.JsonValue"] = "JsonNodeCodec<global::System.Text.Json.Nodes.JsonValue>",
        [KnownTypes.StreamId] = "StreamIdCodec",
    };

    /// <summary>The codecs of dictionary keys.</summary>
    public static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["System.String"] = "StringKeyCodec",
        ["System.Guid"] = "GuidKeyCodec",
        ["System.SByte"] = "NumberKeyCodec<sbyte>",
        ["System.Byte"] = "NumberKeyCodec<byte>",
        ["System.Int16"] = "NumberKeyCodec<short>",
        ["System.UInt16"] = "NumberKeyCodec<ushort>",
        ["System.Int32"] = "NumberKeyCodec<int>",
        ["System.UInt32"] = "NumberKeyCodec<uint>",
        ["System.Int64"] = "NumberKeyCodec<long>",
        ["System.UInt64"] = "NumberKeyCodec<ulong>",
    };

    private static readonly string[] NumberForms = ["TextNumberCodec<", "LenientNumberCodec<", "NamedNumberCodec<", "EnumNumberCodec<"];

    /// <summary>The collections that a factory of the same name makes.</summary>
    public static readonly HashSet<string> Collections = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.Queue`1",
        "System.Collections.Generic.Stack`1",
        "System.Collections.Generic.LinkedList`1",
        "System.Collections.Generic.HashSet`1",
        "System.Collections.Generic.ISet`1",
        "System.Collections.Generic.IReadOnlySet`1",
        "System.Collections.Generic.SortedSet`1",
        "System.Collections.Concurrent.ConcurrentQueue`1",
        "System.Collections.ObjectModel.Collection`1",
        "System.Collections.ObjectModel.ObservableCollection`1",
        "System.Collections.ObjectModel.ReadOnlyCollection`1",
        "System.Collections.Immutable.ImmutableList`1",
        "System.Collections.Immutable.IImmutableList`1",
        "System.Collections.Immutable.ImmutableQueue`1",
        "System.Collections.Immutable.ImmutableStack`1",
        "System.Collections.Immutable.ImmutableHashSet`1",
        "System.Collections.Immutable.IImmutableSet`1",
        "System.Collections.Immutable.ImmutableSortedSet`1",
        "System.Collections.Frozen.FrozenSet`1",
    };

    /// <summary>The dictionaries that a factory of the same name makes.</summary>
    public static readonly HashSet<string> Dictionaries = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.SortedDictionary`2",
        "System.Collections.Generic.SortedList`2",
        "System.Collections.Concurrent.ConcurrentDictionary`2",
        "System.Collections.ObjectModel.ReadOnlyDictionary`2",
        "System.Collections.Immutable.ImmutableDictionary`2",
        "System.Collections.Immutable.IImmutableDictionary`2",
        "System.Collections.Immutable.ImmutableSortedDictionary`2",
        "System.Collections.Frozen.FrozenDictionary`2",
    };

    /// <summary>The codec of the value where a codec takes null too, as <c>NullableCodec&lt;int, Int32Codec&gt;</c>; <see langword="null"/> of any other.</summary>
    public static string? InnerOf(string codec)
    {
        if (!codec.StartsWith(Library + "NullableCodec<", StringComparison.Ordinal) && !codec.StartsWith(Library + "OptionalCodec<", StringComparison.Ordinal))
            return null;

        // After the type, which may have arguments of its own.
        var depth = 0;
        for (var index = codec.IndexOf('<') + 1; index < codec.Length; index++)
        {
            depth += codec[index] switch { '<' => 1, '>' => -1, _ => 0 };
            if (depth == 0 && codec[index] == ',')
                return codec.Substring(index + 2, codec.Length - index - 3);
        }

        return null;
    }

    /// <summary>The codec of a number where a codec writes it in another form, as <c>TextNumberCodec&lt;int, Int32Codec&gt;</c>; the codec itself where it is any other.</summary>
    public static string NumberOf(string codec)
    {
        if (!NumberForms.Any(form => codec.StartsWith(Library + form, StringComparison.Ordinal)))
            return codec;

        var last = codec.LastIndexOf(", ", StringComparison.Ordinal) + 2;
        return codec.Substring(last, codec.Length - last - 1);
    }
}
