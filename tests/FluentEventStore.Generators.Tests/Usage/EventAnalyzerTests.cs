using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests.Usage;

public sealed class EventAnalyzerTests
{
    public const string ImplicitName = "FES0046";

    public static TheoryData<string, string> Bad => new()
    {
        {
            "public sealed class Placed { public int Amount { get; set; } }",
            "FES0043 at set: 'Placed.Amount' can be set after the event happened: declare it with init instead of set"
        },
        {
            "public sealed record Placed(int Amount) { public int Amount { get; set; } = Amount; }",
            "FES0043 at set: 'Placed.Amount' can be set after the event happened: declare it with init instead of set"
        },
        {
            "public sealed record Placed { public required int Amount { get; set; } }",
            "FES0043 at set: 'Placed.Amount' can be set after the event happened: declare it with init instead of set"
        },
        {
            "public sealed class Placed { [JsonInclude] public int Amount; }",
            "FES0043 at Amount: 'Placed.Amount' can be set after the event happened: make it a property with init"
        },
        {
            "public sealed record Placed { public Placed(int[] days) => Days = days; [JsonInclude] public readonly int[] Days; }",
            "FES0044 at Days: 'Placed.Days' makes events with the same items unequal: 'int[]' is compared by reference"
        },
        {
            "public sealed class Placed(DateTime at) { [JsonInclude] public readonly DateTime At = at; }",
            "FES0045 at DateTime: 'Placed.At' is a DateTime, which is stored without an offset: use DateTimeOffset"
        },
        {
            "public sealed record Placed(List<int> Lines);",
            "FES0044 at Lines: 'Placed.Lines' makes events with the same items unequal: 'System.Collections.Generic.List<int>' is "
                + "compared by reference"
        },
        {
            "public sealed record Placed(IReadOnlyList<string>? Lines);",
            "FES0044 at Lines: 'Placed.Lines' makes events with the same items unequal: "
                + "'System.Collections.Generic.IReadOnlyList<string>?' is compared by reference"
        },
        {
            "public sealed record Placed { public byte[] Image { get; init; } = []; }",
            "FES0044 at Image: 'Placed.Image' makes events with the same items unequal: 'byte[]' is compared by reference"
        },
        {
            "public sealed record Placed(ImmutableArray<int> Lines);",
            "FES0044 at Lines: 'Placed.Lines' makes events with the same items unequal: "
                + "'System.Collections.Immutable.ImmutableArray<int>' is compared by reference"
        },
        {
            "public readonly record struct Placed(Dictionary<string, int> Amounts);",
            "FES0044 at Amounts: 'Placed.Amounts' makes events with the same items unequal: "
                + "'System.Collections.Generic.Dictionary<string, int>' is compared by reference"
        },
        {
            "public sealed record Placed(DateTime At);",
            "FES0045 at DateTime: 'Placed.At' is a DateTime, which is stored without an offset: use DateTimeOffset"
        },
        {
            "public sealed class Placed { public System.DateTime? At { get; init; } }",
            "FES0045 at System.DateTime?: 'Placed.At' is a DateTime, which is stored without an offset: use DateTimeOffset"
        },
    };

    public static TheoryData<string> Good =>
    [
        "public sealed record Placed(int Amount, string Text, DateTimeOffset At, DateOnly Day);",
        "public sealed class Placed { public int Amount { get; init; } public int Other { get; private set; } [JsonIgnore] public static "
            + "int Count { get; set; } }",

        // A struct is copied when it is appended; a setter of an interface is not the event's choice.
        "public record struct Placed(int Amount);",
        "public struct Placed { [JsonInclude] public int Amount; }",
        "public sealed class Placed(int amount) { [JsonInclude] public readonly int Amount = amount; [JsonInclude] private int _other = "
            + "0; public int Other() => _other; }",
        "public sealed class Placed : ICounted { public int Amount { get; set; } } public interface ICounted { int Amount { get; set; } }",
        "public sealed class Placed { public List<int> Lines { get; init; } = []; }",
        "public sealed record Placed(List<int> Lines) { public bool Equals(Placed? other) => other is not null && "
            + "Lines.SequenceEqual(other.Lines); public override int GetHashCode() => Lines.Count; }",
        "public sealed record Placed([property: JsonConverter(typeof(Own))] Lines Lines); " + Lines + Converter("Lines"),
        "public sealed record Placed([property: JsonConverter(typeof(Own))] ILines Lines); public interface ILines : IEnumerable<int>; "
            + Converter("ILines"),
        "public sealed record Placed { [JsonExtensionData] public Dictionary<string, System.Text.Json.JsonElement>? Rest { get; init; } }",
        "public sealed record Placed(int A) { [JsonIgnore] public DateTime Now => DateTime.UtcNow; [JsonIgnore] public int[] All => [A]; }",
        "public sealed record Placed([property: JsonIgnore] DateTime At = default);",
    ];

    private const string Lines = """
        public sealed class Lines : List<int>
        {
            public override bool Equals(object? obj) => obj is Lines other && this.SequenceEqual(other);
            public override int GetHashCode() => Count;
        }
        """;

    [Theory, MemberData(nameof(Bad))]
    public async Task Advice_is_given_where_it_applies(string declaration, string diagnostic) =>
        (await Analysis.RunAsync("""[Event("placed")] """ + declaration)).Select(Analysis.Describe).ShouldBe([diagnostic]);

    [Theory, MemberData(nameof(Good))]
    public async Task Advice_is_given_nowhere_else(string declaration) =>
        (await Analysis.RunAsync("""[Event("placed")] """ + declaration)).Select(Analysis.Describe).ShouldBeEmpty();

    [Theory]
    [InlineData("[Event] public sealed record OrderPlaced;", "Event")]
    [InlineData("[Event(null)] public sealed record OrderPlaced;", "Event(null)")]
    [InlineData("[Event(Version = 1)] public sealed record OrderPlaced;", "Event(Version = 1)")]
    public async Task A_name_that_follows_from_the_type_is_pointed_out(string source, string place) =>
        (await Analysis.RunAsync(source)).Select(Analysis.Describe)
            .ShouldBe(
                [$"{ImplicitName} at {place}: 'OrderPlaced' is stored as 'order-placed' until somebody renames the type: write the name "
                    + "into [Event]"]);

    [Fact]
    public async Task A_type_that_is_not_an_event_gets_no_advice() =>
        (await Analysis.RunAsync(
            "public sealed record Line { public DateTime At { get; set; } public List<int> Numbers { get; set; } = []; }"))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("[Event] public sealed record OrderPlaced;", """[Event("order-placed")] public sealed record OrderPlaced;""")]
    [InlineData("[Event()] public sealed record OrderPlaced;", """[Event("order-placed")] public sealed record OrderPlaced;""")]
    [InlineData("[Event(null)] public sealed record OrderPlaced;", """[Event("order-placed")] public sealed record OrderPlaced;""")]
    [InlineData(
        "[Event(Version = 2)] public sealed record OrderPlaced;",
        """[Event("order-placed", Version = 2)] public sealed record OrderPlaced;""")]
    [InlineData(
        "[Event(name: null, Version = 2)] public sealed record OrderPlaced;",
        """[Event("order-placed", Version = 2)] public sealed record OrderPlaced;""")]
    public async Task The_name_is_written_down(string before, string after) =>
        (await Fixes.ApplyAsync(before, ImplicitName)).ShouldBe(after);

    [Fact]
    public async Task No_invalid_name_is_offered()
    {
        (await Fixes.OfferAsync("[Event] public sealed record __;", ImplicitName)).ShouldBeEmpty();
        (await Fixes.OfferAsync(
            "public sealed record __; public static class Use { public static void Run(IEventStream<Order> stream) => stream.Append(new "
                + "__()); } [Aggregate] public sealed partial class Order { }",
            "FES0040"))
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "public sealed record Placed(DateTime At, DateTimeOffset Then);",
        "public sealed record Placed(DateTimeOffset At, DateTimeOffset Then);")]
    [InlineData("public sealed record Placed(System.DateTime? At);", "public sealed record Placed(System.DateTimeOffset? At);")]
    [InlineData(
        "public sealed class Placed { public DateTime At { get; init; } /* when */ }", "public sealed class Placed { public "
            + "DateTimeOffset At { get; init; } /* when */ }")]
    public async Task A_DateTime_gets_an_offset(string before, string after) =>
        (await Fixes.ApplyAsync("""[Event("placed")] """ + before, "FES0045")).ShouldBe("""[Event("placed")] """ + after);

    [Theory]
    [InlineData("public int A { get; set; }", "public int A { get; init; }")]
    [InlineData("public required int A { get; set; } = 1; // one", "public required int A { get; init; } = 1; // one")]
    public async Task A_setter_becomes_an_initializer(string before, string after) =>
        (await Fixes.ApplyAsync($"[Event(\"placed\")]\npublic sealed class Placed\n{{\n    {before}\n}}", "FES0043"))
            .ShouldBe($"[Event(\"placed\")]\npublic sealed class Placed\n{{\n    {after}\n}}");

    [Fact]
    public async Task All_are_fixed_at_once()
    {
        (await Fixes.ApplyToAllAsync(
            "[Event] public sealed record A(int X);\n[Event, Obsolete] public sealed record B(int X);", ImplicitName))
            .ShouldBe("[Event(\"a\")] public sealed record A(int X);\n[Event(\"b\"), Obsolete] public sealed record B(int X);");
        (await Fixes.ApplyToAllAsync(
            """[Event("a")] public sealed class A { public int X { get; set; } public int Y { get; set; } }""", "FES0043"))
            .ShouldBe("""[Event("a")] public sealed class A { public int X { get; init; } public int Y { get; init; } }""");
    }

    [Fact]
    public async Task A_pragma_reaches_the_advice() => (await Analysis.RunAsync("""
        #pragma warning disable FES0046
        [Event] public sealed record OrderPlaced;
        #pragma warning restore FES0046
        [Event] public sealed record OrderPaid;
        """)).Select(Analysis.Describe).ShouldHaveSingleItem().ShouldContain("'OrderPaid'");

    private static string Converter(string type) => $$"""
        public sealed class Own : JsonConverter<{{type}}>
        {
            public override {{type}} Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                null!;
            public override void Write(
                System.Text.Json.Utf8JsonWriter writer, {{type}} value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteNullValue();
        }
        """;
}
