using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Shapes;

/// <summary>A type whose values the library itself writes.</summary>
/// <param name="TypeName">Its metadata name.</param>
/// <param name="Codec">Its codec.</param>
/// <param name="KeyCodec">Its codec as the keys of a dictionary; <see langword="null"/> if it cannot be one.</param>
/// <param name="Column">The type of PostgreSQL that takes every value; jsonb for what is or may be an object or an array.</param>
/// <param name="Word">What a contract calls it.</param>
/// <param name="Json">What it is in JSON.</param>
/// <param name="Sample">The JSON of a value.</param>
/// <param name="Number">Which numbers it holds; <see langword="null"/> if it is none.</param>
internal sealed record Leaf(
    string TypeName, string Codec, string? KeyCodec, string Column, string Word, JsonTypes Json, string Sample, NumberRange? Number = null)
{
    private const string Nodes = "System.Text.Json.Nodes.";
    private const string OfBytes = "[System.Byte]";
    private const JsonTypes Scalar = JsonTypes.Text | JsonTypes.Number | JsonTypes.Boolean;

    /// <summary>Every leaf.</summary>
    public static readonly Leaf[] All =
    [
        new("System.Boolean", "BooleanCodec", null, "boolean", "boolean", JsonTypes.Boolean, "true"),
        OfNumber("System.Byte", "ByteCodec", "byte", "smallint", "uint8", NumberKind.Unsigned, 8),
        OfNumber("System.SByte", "SByteCodec", "sbyte", "smallint", "int8", NumberKind.Signed, 8),
        OfNumber("System.Int16", "Int16Codec", "short", "smallint", "int16", NumberKind.Signed, 16),
        OfNumber("System.UInt16", "UInt16Codec", "ushort", "integer", "uint16", NumberKind.Unsigned, 16),
        OfNumber("System.Int32", "Int32Codec", "int", "integer", "int32", NumberKind.Signed, 32),
        OfNumber("System.UInt32", "UInt32Codec", "uint", "bigint", "uint32", NumberKind.Unsigned, 32),
        OfNumber("System.Int64", "Int64Codec", "long", "bigint", "int64", NumberKind.Signed, 64),
        OfNumber("System.UInt64", "UInt64Codec", "ulong", "numeric", "uint64", NumberKind.Unsigned, 64),
        OfNumber("System.Int128", "IntegerCodec<global::System.Int128>", null, "numeric", "int128", NumberKind.Signed, 128),
        OfNumber("System.UInt128", "IntegerCodec<global::System.UInt128>", null, "numeric", "uint128", NumberKind.Unsigned, 128),
        OfNumber(
            "System.Numerics.BigInteger", "IntegerCodec<global::System.Numerics.BigInteger>", null, "numeric", "integer",
            NumberKind.Signed, NumberRange.Endless),
        OfNumber("System.Half", "HalfCodec", null, "real", "float16", NumberKind.Fraction, 16, "0.5"),
        OfNumber("System.Single", "SingleCodec", null, "real", "float32", NumberKind.Fraction, 32, "0.5"),
        OfNumber("System.Double", "DoubleCodec", null, "float8", "float64", NumberKind.Fraction, 64, "0.5"),
        OfNumber("System.Decimal", "DecimalCodec", null, "numeric", "decimal", NumberKind.Decimal, 128, "1.5"),
        OfText("System.Char", "CharCodec", "text", "character", "c"),
        OfText("System.String", "StringCodec", "text", "text", "text") with { KeyCodec = "StringKeyCodec" },
        OfText("System.Guid", "GuidCodec", "uuid", "guid", "01234567-89ab-cdef-0123-456789abcdef") with { KeyCodec = "GuidKeyCodec" },
        OfText("System.DateTime", "DateTimeCodec", "timestamptz", "instant", "2001-02-03T04:05:06.0000000Z"),
        OfMoment("DateTimeOffsetCodec", "instant with offset", "2001-02-03T04:05:06.0000000+01:00", JsonForm.Event),
        OfMoment("DateTimeOffsetUtcCodec", "instant", "2001-02-03T04:05:06.0000000Z", JsonForm.Document),
        OfText("System.DateOnly", "DateOnlyCodec", "date", "date", "2001-02-03"),
        OfText("System.TimeOnly", "TimeOnlyCodec", "text", "time", "04:05:06.0000000"),
        OfText("System.TimeSpan", "TimeSpanCodec", "text", "duration", "1.02:03:04"),
        OfText("System.Uri", "UriCodec", "text", "uri", "https://example.org/"),
        OfText("System.Version", "VersionCodec", "text", "version number", "1.2.3"),
        OfText(KnownTypes.StreamId, "StreamIdCodec", "text", "stream id", "text"),
        OfText("System.Byte[]", "ByteArrayCodec", "text", "base64", "AQID"),
        OfText("System.Memory`1" + OfBytes, "MemoryCodec", "text", "base64", "AQID"),
        OfText("System.ReadOnlyMemory`1" + OfBytes, "ReadOnlyMemoryCodec", "text", "base64", "AQID"),
        OfJson("System.Text.Json.JsonElement", "JsonElementCodec", "json", JsonTypes.Any, "{}"),
        OfJson(Nodes + "JsonNode", $"JsonNodeCodec<global::{Nodes}JsonNode>", "json", JsonTypes.Any, "{}"),
        OfJson(Nodes + "JsonObject", $"JsonNodeCodec<global::{Nodes}JsonObject>", "json object", JsonTypes.Object, "{}"),
        OfJson(Nodes + "JsonArray", $"JsonNodeCodec<global::{Nodes}JsonArray>", "json array", JsonTypes.Array, "[]"),
        OfJson(Nodes + "JsonValue", $"JsonNodeCodec<global::{Nodes}JsonValue>", "json value", Scalar, "1"),
    ];

    private static readonly ILookup<string, Leaf> Types = All.ToLookup(static leaf => leaf.TypeName, StringComparer.Ordinal);
    private static readonly ILookup<string, Leaf> Words = All.ToLookup(static leaf => leaf.Word, StringComparer.Ordinal);

    /// <summary>The form of JSON that it is for; <see langword="null"/> if it is for both.</summary>
    public JsonForm? Form { get; init; }

    /// <summary>The leaf that a type is in a form of JSON; <see langword="null"/> if it is none.</summary>
    public static Leaf? Find(ITypeSymbol type, JsonForm form) => Types[NameOf(type)].FirstOrDefault(leaf => (leaf.Form ?? form) == form);

    /// <summary>The first leaf that a contract calls by a word; <see langword="null"/> if none is called so.</summary>
    public static Leaf? Find(string word) => Words[word].FirstOrDefault();

    private static string NameOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte } => "System.Byte[]",
        INamedTypeSymbol { TypeArguments: [{ SpecialType: SpecialType.System_Byte }] } => type.MetadataName() + OfBytes,
        _ => type.MetadataName(),
    };

    private static Leaf OfNumber(
        string typeName, string codec, string? key, string column, string word, NumberKind kind, int bits, string sample = "1") =>
        new(typeName, codec, key is null ? null : $"NumberKeyCodec<{key}>", column, word, JsonTypes.Number, sample, new(kind, bits));

    private static Leaf OfText(string typeName, string codec, string column, string word, string sample) =>
        new(typeName, codec, null, column, word, JsonTypes.Text, $"\"{sample}\"");

    private static Leaf OfMoment(string codec, string word, string sample, JsonForm form) =>
        OfText("System.DateTimeOffset", codec, "timestamptz", word, sample) with { Form = form };

    private static Leaf OfJson(string typeName, string codec, string word, JsonTypes json, string sample) =>
        new(typeName, codec, null, "jsonb", word, json, sample);
}
