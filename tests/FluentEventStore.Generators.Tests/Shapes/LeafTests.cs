using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Serialization;

namespace FluentEventStore.Generators.Tests;

/// <summary>The table of leaves, against the codecs of the library.</summary>
public sealed class LeafTests
{
    private static readonly string[] Columns =
        ["boolean", "smallint", "integer", "bigint", "numeric", "real", "float8", "text", "uuid", "timestamptz", "date", "jsonb"];

    private static readonly (string Column, NumberRange Range)[] Whole =
    [
        ("smallint", new(NumberKind.Signed, 16)), ("integer", new(NumberKind.Signed, 32)), ("bigint", new(NumberKind.Signed, 64)),
        ("numeric", new(NumberKind.Signed, NumberRange.Endless)),
    ];

    public static TheoryData<string> Codecs => [.. Leaf.All.Select(static leaf => leaf.Codec)];

    public static TheoryData<string> Numbers => [.. AllOf(static leaf => leaf.Number is not null).Select(static leaf => leaf.Codec)];

    [Theory, MemberData(nameof(Codecs))]
    public void A_leaf_has_a_codec_and_all_its_descriptions(string codec)
    {
        var leaf = Of(codec);
        var type = TypeOf(leaf);
        typeof(IJsonCodec<>).MakeGenericType(type).IsAssignableFrom(InLibrary(leaf.Codec, type)).ShouldBeTrue();
        if (leaf.KeyCodec is { } key)
            typeof(IJsonKeyCodec<>).MakeGenericType(type).IsAssignableFrom(InLibrary(key, type)).ShouldBeTrue();

        Columns.ShouldContain(leaf.Column);
        (leaf.Column != "jsonb").ShouldBe(leaf.Json is JsonTypes.Text or JsonTypes.Number or JsonTypes.Boolean, "a column holds one type");
        leaf.Word.ShouldNotBeEmpty();
        leaf.Word.ShouldNotContain("Codec");
    }

    [Theory, MemberData(nameof(Codecs))]
    public void A_leaf_is_written_as_its_type_in_JSON(string codec)
    {
        var leaf = Of(codec);
        using var written = JsonDocument.Parse(Again(leaf, leaf.Sample));

        var type = MemberMapTests.TypeOf(written.RootElement);
        (leaf.Json & type).ShouldBe(type);
        MemberMapTests.TypeOf(JsonElement.Parse(leaf.Sample)).ShouldBe(type, "its sample is as it is written");
        foreach (var json in new[] { "true", "1", "\"a\"", "[]", "{}" })
        {
            if ((leaf.Json & MemberMapTests.TypeOf(JsonElement.Parse(json))) == default)
                Should.Throw<JsonException>(() => Again(leaf, json), json);
        }
    }

    [Fact]
    public void Leaves_with_one_word_are_written_alike()
    {
        var shared = Leaf.All.GroupBy(static leaf => leaf.Word).Where(static leaves => leaves.Count() > 1).ToArray();
        shared.Select(static leaves => leaves.Key).ShouldBe(["instant", "base64", "json"], ignoreOrder: true);
        foreach (var leaves in shared)
        {
            leaves.Select(static leaf => (leaf.Json, leaf.Column, leaf.Sample, leaf.Number)).Distinct().ShouldHaveSingleItem();
            leaves.Select(leaf => Again(leaf, leaf.Sample)).Distinct().ShouldHaveSingleItem();
        }
    }

    [Theory, MemberData(nameof(Numbers))]
    public void The_word_and_the_range_of_a_number_are_what_its_codec_takes(string codec)
    {
        var leaf = Of(codec);
        var (kind, bits) = leaf.Number!;
        if (bits == NumberRange.Endless)
        {
            Again(leaf, $"{BigInteger.One << 1000}").ShouldBe($"{BigInteger.One << 1000}");
            return;
        }

        Marshal.SizeOf(TypeOf(leaf)).ShouldBe(bits / 8);
        if (kind is NumberKind.Fraction or NumberKind.Decimal)
        {
            leaf.Column.ShouldBe(kind == NumberKind.Decimal ? "numeric" : bits > 32 ? "float8" : "real");
            leaf.Word.ShouldBe(kind == NumberKind.Decimal ? "decimal" : $"float{bits}");
            Again(leaf, "0.25").ShouldBe("0.25");
            return;
        }

        var (least, greatest) = Bounds(leaf.Number!);
        leaf.Column.ShouldBe(Whole.First(column => column.Range.Holds(leaf.Number!)).Column);
        leaf.Word.ShouldBe(kind == NumberKind.Signed ? $"int{bits}" : $"uint{bits}");
        Again(leaf, $"{least}").ShouldBe($"{least}");
        Again(leaf, $"{greatest}").ShouldBe($"{greatest}");
        Should.Throw<JsonException>(() => Again(leaf, $"{least - 1}"));
        Should.Throw<JsonException>(() => Again(leaf, $"{greatest + 1}"));
        Should.Throw<JsonException>(() => Again(leaf, "0.25"));
    }

    [Fact]
    public void A_range_holds_another_if_it_holds_its_lowest_and_its_highest_number()
    {
        var whole = AllOf(static leaf => leaf.Number is { Kind: not NumberKind.Fraction }).Select(static leaf => leaf.Number!).ToArray();
        foreach (var (wide, narrow) in whole.SelectMany(wide => whole.Select(narrow => (wide, narrow))))
        {
            var (outer, inner) = (Bounds(wide), Bounds(narrow));
            var isWithin = outer.Least <= inner.Least && inner.Greatest <= outer.Greatest;
            var isWhole = wide.Kind != NumberKind.Decimal;
            wide.Holds(narrow).ShouldBe(isWithin && !(isWhole && narrow.Kind == NumberKind.Decimal), $"{wide} {narrow}");
        }

        Leaf.Find("float64")!.Number!.Holds(Leaf.Find("float32")!.Number!).ShouldBeTrue();
        Leaf.Find("float32")!.Number!.Holds(Leaf.Find("float64")!.Number!).ShouldBeFalse();
        Leaf.Find("float64")!.Number!.Holds(Leaf.Find("int8")!.Number!).ShouldBeFalse();
    }

    [Fact]
    public void Each_leaf_is_found_by_its_type()
    {
        var leaves = AllOf(static leaf => leaf.Form != JsonForm.Document);
        var properties = leaves.Select(static (leaf, index) => $"{NameOf(leaf)} A{index}");
        var members = MemberMapTests.OfEvent($"[Event] public sealed record Placed({string.Join(", ", properties)});", out _);
        members.Select(static member => member.Codec).ShouldBe(leaves.Select(static leaf => new LeafCodec(leaf)));

        var kept = MemberMapTests.OfDocument("[Document] public sealed record Held(Guid Id, DateTimeOffset At);", out _);
        kept.Select(static member => member.Codec.ToString().Split('.')[^1]).ShouldBe(["GuidCodec", "DateTimeOffsetUtcCodec"]);
    }

    [Fact]
    public void Each_leaf_that_has_a_codec_for_keys_is_a_type_of_keys()
    {
        var keys = AllOf(static leaf => leaf.KeyCodec is not null);
        var properties = keys.Select(static (leaf, index) => $"Dictionary<{NameOf(leaf)}, int> A{index}");
        MemberMapTests.OfEvent($"[Event] public sealed record Placed({string.Join(", ", properties)});", out _)
            .Select(static member => ((MapCodec)member.Codec).Key).ShouldBe(keys.Select(static leaf => new KeyCodec(leaf)));
    }

    private static (BigInteger Least, BigInteger Greatest) Bounds(NumberRange number) => number switch
    {
        { Kind: NumberKind.Decimal } => ((BigInteger)decimal.MinValue, (BigInteger)decimal.MaxValue),
        { Bits: NumberRange.Endless } => (-(BigInteger.One << 1000), BigInteger.One << 1000),
        { Kind: NumberKind.Signed } => (-(BigInteger.One << (number.Bits - 1)), (BigInteger.One << (number.Bits - 1)) - 1),
        _ => (0, (BigInteger.One << number.Bits) - 1),
    };

    private static Leaf Of(string codec) => Leaf.All.Single(leaf => leaf.Codec == codec);

    private static Leaf[] AllOf(Func<Leaf, bool> predicate) => [.. Leaf.All.Where(predicate)];

    private static string NameOf(Leaf leaf) =>
        leaf.TypeName.Replace("`1[", "<", StringComparison.Ordinal).Replace("Byte]", "Byte>", StringComparison.Ordinal);

    private static Type TypeOf(Leaf leaf) =>
        new[] { typeof(object), typeof(Uri), typeof(BigInteger), typeof(JsonElement), typeof(EventAttribute) }
            .Select(type => type.Assembly.GetType(leaf.TypeName)).OfType<Type>().First();

    private static Type InLibrary(string codec, Type type)
    {
        var parts = codec.Split('<');
        var library = typeof(EventAttribute).Assembly;
        return parts.Length == 1
            ? library.GetType("FluentEventStore.Serialization." + codec, throwOnError: true)!
            : library.GetType($"FluentEventStore.Serialization.{parts[0]}`1", throwOnError: true)!.MakeGenericType(type);
    }

    /// <summary>What the codec writes of what it has read.</summary>
    private static string Again(Leaf leaf, string json)
    {
        var type = TypeOf(leaf);
        var again = typeof(LeafTests).GetMethod(nameof(Again), 2, [typeof(string)])!.MakeGenericMethod(type, InLibrary(leaf.Codec, type));
        return again.CreateDelegate<Func<string, string>>()(json);
    }

    public static string Again<T, TCodec>(string json)
        where TCodec : struct, IJsonCodec<T>
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        using var writer = new JsonWriter();
        TCodec.Write(writer, TCodec.Read(ref reader));
        return Encoding.UTF8.GetString(writer.Piece.Span);
    }
}
