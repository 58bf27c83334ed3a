using FluentEventStore.Generators.Codecs;
using FluentEventStore.Generators.Shapes;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Which type of PostgreSQL takes every value that a codec writes.</summary>
internal static class ColumnTypes
{
    private const string Library = KnownCodecs.Library;

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["BooleanCodec"] = "boolean",
        ["ByteCodec"] = "smallint",
        ["SByteCodec"] = "smallint",
        ["Int16Codec"] = "smallint",
        ["UInt16Codec"] = "integer",
        ["Int32Codec"] = "integer",
        ["UInt32Codec"] = "bigint",
        ["Int64Codec"] = "bigint",
        ["UInt64Codec"] = "numeric",
        ["DecimalCodec"] = "numeric",
        ["IntegerCodec<global::System.Int128>"] = "numeric",
        ["IntegerCodec<global::System.UInt128>"] = "numeric",
        ["IntegerCodec<global::System.Numerics.BigInteger>"] = "numeric",
        ["HalfCodec"] = "real",
        ["SingleCodec"] = "real",
        ["DoubleCodec"] = "float8",
        ["GuidCodec"] = "uuid",
        ["DateTimeCodec"] = "timestamptz",
        ["DateTimeOffsetCodec"] = "timestamptz",
        ["DateOnlyCodec"] = "date",
        ["CharCodec"] = "text",
        ["StringCodec"] = "text",
        ["UriCodec"] = "text",
        ["VersionCodec"] = "text",
        ["TimeOnlyCodec"] = "text",
        ["TimeSpanCodec"] = "text",
        ["StreamIdCodec"] = "text",
        ["ByteArrayCodec"] = "text",
        ["MemoryCodec"] = "text",
        ["ReadOnlyMemoryCodec"] = "text",
    };

    /// <summary>The type for the values of a codec; what is an object or an array in JSON stays it.</summary>
    /// <param name="codec">The fully qualified codec.</param>
    /// <param name="shapes">The shapes of the types that codecs are generated for.</param>
    public static string Of(string codec, IEnumerable<Shape> shapes)
    {
        var inner = KnownCodecs.NumberOf(KnownCodecs.InnerOf(codec) ?? codec);
        if (inner.StartsWith(Library, StringComparison.Ordinal))
            return Types.TryGetValue(inner.Substring(Library.Length), out var type) ? type : "jsonb";

        return shapes.FirstOrDefault(shape => inner.EndsWith("." + shape.CodecName, StringComparison.Ordinal)) switch
        {
            WrapperShape wrapper => Of(wrapper.ValueCodec, shapes),
            EnumShape => "text",
            _ => "jsonb",
        };
    }
}
