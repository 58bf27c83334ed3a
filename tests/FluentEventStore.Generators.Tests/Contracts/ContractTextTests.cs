using FluentEventStore.Generators.Contracts;
using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests.Contracts;

public sealed class ContractTextTests
{
    internal const string Everything = """
        namespace Shop;

        public enum Colour { Red, [JsonStringEnumMemberName("deep blue")] Blue }
        [Flags] public enum Day { Monday = 1, Tuesday = 2 }
        [StreamId] public readonly partial record struct OrderId(Guid Value);
        public sealed record Line(string Product, decimal Price, Line? Instead);
        public sealed class Money(decimal amount) { public decimal Amount { get; } = amount; }
        public sealed class MoneyConverter : JsonConverter<Money>
        {
            public override Money Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                new(reader.GetDecimal());
            public override void Write(
                System.Text.Json.Utf8JsonWriter writer, Money value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteNumberValue(value.Amount);
        }

        [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind of: {x}")]
        [JsonDerivedType(typeof(Card), "shop.card")]
        [JsonDerivedType(typeof(Cash), "1: {y}")]
        [JsonDerivedType(typeof(Gift), 7)]
        public abstract record Payment;
        public sealed record Card(string Number, Payment? Backup) : Payment;
        public sealed record Cash(decimal Given) : Payment;
        public sealed record Gift : Payment;

        [JsonDerivedType(typeof(Parcel), "parcel")]
        public record Delivery(string To);
        public sealed record Parcel(string To, int Grams) : Delivery(To);

        [Event("everything")]
        public sealed record Everything(
            bool Flag, byte U8, sbyte I8, short I16, ushort U16, int I32, uint U32, long I64, ulong U64,
            Int128 I128, UInt128 U128, System.Numerics.BigInteger Big,
            Half F16, float F32, double F64, decimal Dec, char Letter, string Text, Guid Id,
            DateTime At, DateTimeOffset There, DateOnly Date, TimeOnly Time, TimeSpan Span,
            Uri Uri, Version Version, StreamId Stream, OrderId Order, byte[] Bytes, Memory<byte> Memory,
            System.Text.Json.JsonElement Json, System.Text.Json.Nodes.JsonObject JsonObject, System.Text.Json.Nodes.JsonArray JsonArray,
            Colour Colour, Day Days, [property: JsonConverter(typeof(MoneyConverter))] Money Money)
        {
            public int? Number { get; init; }
            public string? Note { get; init; }
            [PersonalData(Subject = "Id")] public string? Name { get; init; }
            public List<string?> Texts { get; init; } = [];
            public int[][] Matrix { get; init; } = [];
            public required ImmutableArray<Line> Lines { get; init; }
            public Line? First { get; init; }
            public Dictionary<Colour, List<Line>> ByColour { get; init; } = [];
            public SortedDictionary<int, decimal?> ByNumber { get; init; } = [];
            public Queue<Guid>? Ids { get; init; }
            public int Twice => I32 * 2;
            [JsonPropertyName("odd name's")] public int Odd { get; init; }
            public Payment? Payment { get; init; }
            public required Delivery[] Deliveries { get; init; }
            [JsonNumberHandling(JsonNumberHandling.WriteAsString)] public decimal Written { get; init; }
            [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] public double? Named { get; init; }
            [JsonConverter(typeof(JsonNumberEnumConverter<Colour>))] public Colour Numbered { get; init; }
            public Dictionary<ulong, int> ByLong { get; init; } = [];
            [JsonInclude] internal int Included { get; init; }
            [JsonIgnore] public int Ignored { get; init; }
            [JsonExtensionData] public Dictionary<string, System.Text.Json.JsonElement>? More { get; init; }
        }

        [Event("nothing", Version = 12)]
        public sealed record Nothing;
        """;

    [Fact]
    public void A_contract_lists_events_and_properties_in_order_and_says_what_they_are()
    {
        var path = Path.Combine(Snapshot.Folder, "Contract", "EventContracts.json");
        var contract = ContractCase.Update(Everything);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, contract);
        }

        contract.ShouldBe(File.ReadAllText(path).ReplaceLineEndings("\n"));
        ContractCase.Update(Everything, contract).ShouldBe(contract);
    }

    [Fact]
    public void A_sample_stays_as_it_is_and_one_that_is_missing_is_made()
    {
        const string before = """
            {"format": 1, "events": [
              {"name": "paid", "version": 1, "properties": {}, "sample": {"a":   1,
                "b\u0041": "%20;*\\\"é"}},
              {"name": "sold", "version": 1, "properties": {"x": "guid"}}]}
            """;
        var after = ContractCase.Update(
            """[Event("paid")] public sealed record Paid(int A); [Event("sold")] public sealed record Sold(int A);""", before);
        after.ShouldContain("""
            "sample": {"a":   1,
                "b\u0041": "%20;*\\\"é"}
            """);
        after.ShouldContain("""
            "sample": {"a": 1}
            """);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("nullable array of nullable array of guid")]
    [InlineData("map from int32 to nullable map from enum (A, 'b, \\' to \\\\)') to object like lines[]")]
    [InlineData("object like the event")]
    [InlineData("flags ()")]
    [InlineData("enum (' x', Red)")]
    [InlineData("nullable set of enum (A)")]
    [InlineData("int16 (-1 Gone, 0 Open, '1 a, b)')")]
    [InlineData("converted by Shop.Converter")]
    [InlineData("words of a later release")]
    public void A_type_is_read_as_it_was_written(string text)
    {
        var type = ContractType.Parse(text);
        type.ToString().ShouldBe(text);
        ContractType.Parse(type.ToString()).ShouldBe(type);
    }
}
