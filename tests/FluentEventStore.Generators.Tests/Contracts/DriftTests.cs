using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests.Contracts;

public sealed class DriftTests
{
    /// <summary>What a source was, what it became, and what is said of it.</summary>
    public static TheoryData<string, string, string> Breaking => new()
    {
        // A property that nothing reads any more.
        { Paid("int A, string Note"), Paid("int A"), "FES0031 at Paid: Stored events 'paid' of version 1 hold 'note'" },
        { Paid("int A, string? Note = null"), Paid("int A"), "hold 'note', which nothing reads any more" },
        {
            Paid("Line Line") + "public record Line(int A, int B = 1);",
            Paid("Line Line") + "public record Line(int A);",
            "FES0031 at Line: Stored events 'paid' of version 1 hold 'line.b'"
        },
        {
            Paid("List<Line> Lines") + "public record Line(int A, int B);",
            Paid("List<Line> Lines") + "public record Line(int A);",
            "FES0031 at Lines: Stored events 'paid' of version 1 hold 'lines[].b'"
        },
        {
            Paid("Dictionary<Guid, Line> Lines") + "public record Line(int A, int B);",
            Paid("Dictionary<Guid, Line> Lines") + "public record Line(int A);",
            "hold 'lines[].b'"
        },
        {
            Paid("Line First, Line Second") + "public record Line(int A, int B);",
            Paid("Line First, Line Second") + "public record Line(int A);",
            "hold 'first.b'"
        },
        {
            Paid("int A, Node Root") + "public record Node(int B, int C, Node? Next);",
            Paid("int A, Node Root") + "public record Node(int C, Node? Next);",
            "hold 'root.b'"
        },
        {
            Paid("int A"),
            "[Event] public sealed record Paid { public int A => 1; }",
            "FES0031 at A: Stored events 'paid' of version 1 hold 'a'"
        },
        {
            "[Event] public sealed record Paid(int A) { [JsonExtensionData] public Dictionary<string, System.Text.Json.JsonElement>? More "
                + "{ get; init; } }",
            Paid("int A"),
            "hold '*'"
        },

        // Another type.
        {
            Paid("int A"),
            Paid("string A"),
            "FES0032 at A: Stored events 'paid' of version 1 hold 'a' as int32, but it is declared as text"
        },
        { Paid("long A"), Paid("int A"), "as int64, but it is declared as int32" },
        { Paid("uint A"), Paid("int A"), "as uint32, but it is declared as int32" },
        { Paid("double A"), Paid("decimal A"), "as float64, but it is declared as decimal" },
        { Paid("UInt128 A"), Paid("decimal A"), "as uint128, but it is declared as decimal" },
        { Paid("DateTimeOffset A"), Paid("DateTime A"), "as instant with offset, but it is declared as instant" },
        { Paid("List<int> A"), Paid("List<string> A"), "hold 'a[]' as int32, but it is declared as text" },
        { Paid("List<int> A"), Paid("int A"), "as array of int32, but it is declared as int32" },
        {
            Paid("Dictionary<string, int> A"),
            Paid("Dictionary<Guid, int> A"),
            "as map from text to int32, but it is declared as map from guid to int32"
        },
        { Paid("Line A") + "public record Line(int B);", Paid("int A"), "as object, but it is declared as int32" },
        {
            Paid("Colour A") + "public enum Colour { Red, Green }",
            Paid("Colour A") + "public enum Colour { Red, Blue }",
            "hold 'a' as 'Green', but it is declared as enum (Blue, Red)"
        },
        {
            Paid("Dictionary<Colour, int> A") + "public enum Colour { Red, Green }",
            Paid("Dictionary<Colour, int> A") + "public enum Colour { Red }",
            "hold 'a' as 'Green'"
        },
        {
            Paid("Colour A") + "[Flags] public enum Colour { Red = 1 }",
            Paid("Colour A") + "public enum Colour { Red = 1 }",
            "as flags (Red), but it is declared as enum (Red)"
        },
        {
            Paid("int Id, [PersonalData(Subject = \"Id\")] string A"),
            Paid("int Id, string A"),
            "hold 'a' as personal of id text, but it is declared as text"
        },

        {
            Paid("int Id, [PersonalData(Subject = \"Id\")] string A, int Other"),
            Paid("int Id, [PersonalData(Subject = \"Other\")] string A, int Other"),
            "FES0032 at A: Stored events 'paid' of version 1 hold 'a' as personal of id text, but it is declared as personal of other text"
        },
        {
            Paid("[property: JsonPropertyName(\"the id's\")] int Id, [PersonalData(Subject = \"Id\")] string A, int Other"),
            Paid("[property: JsonPropertyName(\"the id's\")] int Id, [PersonalData(Subject = \"Other\")] string A, int Other"),
            "hold 'a' as personal of ['the id\\'s'] text, but it is declared as personal of other text"
        },

        // What is missing means something else.
        {
            Kept(LeftOut),
            Kept("public int A { get; init; } = 5;"),
            "FES0054 at A: Stored events 'paid' of version 1 leave 'a' out when it has the default of its type, but would be read with "
                + "another default"
        },
        { Kept(LeftOut), Paid("int A = 5"), "FES0054 at A" },
        {
            Kept(LeftOut),
            Kept("public required int A { get; init; }"),
            "FES0033 at A: Stored events 'paid' of version 1 may lack it, but 'a' is required"
        },
        {
            Kept("[JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public List<int>? A { get; init; }"),
            Kept("public List<int>? A { get; init; } = [];"),
            "FES0054 at A"
        },

        {
            Paid("Payment A") + Payment(Card + Cash),
            Paid("Payment A") + Payment(Card),
            "FES0032 at A: Stored events 'paid' of version 1 hold 'a' as {$type: cash}, but it is declared as no such object"
        },
        {
            Paid("Payment A") + Payment(Card + Cash),
            Paid("Payment A") + "public record Payment(int X = 1);",
            "hold 'a' as {$type: card}, but it is declared as no such object"
        },
        {
            Paid("List<string> A"),
            Paid("HashSet<string> A"),
            "FES0032 at A: Stored events 'paid' of version 1 hold 'a' as array of text, but it is declared as set of text"
        },
        { Paid("int[] A"), Paid("ImmutableHashSet<int> A"), "as array of int32, but it is declared as set of int32" },
        { Paid("List<int> A"), Paid("SortedSet<int> A"), "as array of int32, but it is declared as set of int32" },
        {
            Paid("List<int> A"),
            Paid("Own A") + "public sealed class Own : HashSet<int>;",
            "as array of int32, but it is declared as set of int32"
        },
        { Paid("HashSet<int> A"), Paid("ISet<string> A"), "hold 'a[]' as int32, but it is declared as text" },
        {
            Paid(Numbered) + "public enum State { Open, Paid }",
            Paid(Numbered) + "public enum State { Open, Suspended, Paid }",
            "hold 'a' as '1 Paid', but it is declared as int32 (0 Open, 1 Suspended, 2 Paid)"
        },
        { Paid(Numbered) + "public enum State { Open, Paid }", Paid(Numbered) + "public enum State { Open }", "hold 'a' as '1 Paid'" },
        {
            Paid(Numbered) + "public enum State { Open }",
            Paid(Numbered) + "public enum State : byte { Open }",
            "as int32 (0 Open), but it is declared as uint8 (0 Open)"
        },
        {
            Paid("[property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] int A"),
            Paid("int A"),
            "as int32 or text, but it is declared as int32"
        },

        // More is required than was stored.
        {
            Paid("int A"),
            Paid("int A, string Note"),
            "FES0033 at Note: Stored events 'paid' of version 1 may lack it, but 'note' is required"
        },
        { Paid("int A = 1"), Paid("int A"), "may lack it, but 'a' is required" },
        { Paid("string? A"), Paid("string A"), "may hold null there, but 'a' is required" },
        { Paid("int? A = null"), Paid("int A = 0"), "may hold null there, but 'a' is required" },
        { Paid("List<string?> A"), Paid("List<string> A"), "may hold null there, but 'a[]' is required" },
        {
            Paid("Line Line") + "public record Line(int A);",
            Paid("Line Line") + "public record Line(int A, int B);",
            "FES0033 at Line: Stored events 'paid' of version 1 may lack it, but 'line.b' is required"
        },

        {
            Paid("Payment A") + Payment(Card),
            Paid("Payment A") + Payment(Card.Replace("int X", "int X, int Y")),
            "FES0033 at A: Stored events 'paid' of version 1 may lack it, but 'a{$type: card}.y' is required"
        },

        // A name that was another event's.
        {
            """[Event("a")] public sealed record On(int Id); [Event("b")] public sealed record Off(int Id);""",
            """[Event("b")] public sealed record On(int Id); [Event("a")] public sealed record Off(int Id);""",
            "FES0034 at Off: Stored events 'a' of version 1 are of 'On', but would be read as 'Off'"
        },
        {
            """[Event("a")] public sealed record Bought(int Price);""",
            """[Event("a")] public sealed record Sold(string Customer);""",
            "FES0034 at Sold: Stored events 'a' of version 1 are of 'Bought', but would be read as 'Sold'"
        },

        // A closed type of a generic event.
        {
            Box("int A, T Value", "string"),
            Box("T Value", "string"),
            "FES0031 at Box: Stored events 'box-of-string' of version 1 hold 'a'"
        },
        {
            Box("T Value", "string"),
            Box("T Value", "int"),
            "FES0035 at /shop/EventContracts.json(4,1): Version 1 of the event 'box-of-string'"
        },

        // A version that nothing reads.
        {
            Paid("int A"),
            """[Event(Version = 2)] public sealed record Paid(int A);""",
            "FES0035 at Paid: Version 1 of the event 'paid' is in the contract"
        },
        {
            Paid("int A"),
            """[Event("paid-up")] public sealed record Paid(int A);""",
            "FES0035 at /shop/EventContracts.json(4,1): Version 1 of the event 'paid' is in the contract"
        },
        { Paid("int A"), "public sealed record Paid(int A);", "neither a type nor an upcaster reads it" },
    };

    public static TheoryData<string, string, string> Harmless => new()
    {
        {
            Paid("int A"),
            Paid("int A, string? Note = null"),
            "FES0037 at Note: The contract of the event 'paid' in version 1 does not say yet: 'note' (it is new)"
        },
        { Paid("int A"), Paid("int A, string Note = \"\""), "'note' (it is new)" },
        { Paid("int A"), "[Event] public sealed record Paid(int A) { public int Twice => A * 2; }", "'twice' (it is new)" },
        { "[Event] public sealed record Paid(int A) { public int Twice => A * 2; }", Paid("int A"), "'twice' (it is gone)" },
        { "[Event] public sealed record Paid(int A) { public int Twice => A * 2; }", Paid("int A, int Twice"), "'twice' (it is read now)" },
        { Paid("int A"), Paid("int A = 1"), "'a' (it may be missing)" },
        { Paid("int Id, string A"), Paid("int Id, [PersonalData(Subject = \"Id\")] string A"), "'a' (it is personal data)" },
        { Paid("List<int> A"), Paid("List<int?> A"), "'a[]' (it may be null)" },
        { Kept("public int A { get; init; }"), Kept(LeftOut), "'a' (it is left out where it has the default of its type)" },
        { Kept(LeftOut), Kept("public int A { get; init; }"), "'a' (it is always written)" },
        { Paid("int A"), Paid("long A"), "'a' (it was int32 and is int64)" },
        { Paid("byte A"), Paid("short A"), "'a' (it was uint8 and is int16)" },
        { Paid("ulong A"), Paid("decimal A"), "'a' (it was uint64 and is decimal)" },
        { Paid("Int128 A"), Paid("System.Numerics.BigInteger A"), "'a' (it was int128 and is integer)" },
        { Paid("float A"), Paid("double A"), "'a' (it was float32 and is float64)" },
        { Paid("DateTime A"), Paid("DateTimeOffset A"), "'a' (it was instant and is instant with offset)" },
        {
            Paid("Colour A") + "public enum Colour { Red }",
            Paid("Colour A") + "public enum Colour { Red, Green }",
            "'a' (it may be 'Green')"
        },
        {
            Paid("Colour A") + "public enum Colour { Red = 1 }",
            Paid("Colour A") + "[Flags] public enum Colour { Red = 1 }",
            "'a' (its names can be combined)"
        },
        { Paid("HashSet<int> A"), Paid("List<int> A"), "'a' (it may hold an item twice)" },
        {
            Paid(Numbered) + "public enum State { Open, Paid }",
            Paid(Numbered) + "public enum State { Open, Paid, Late = -1 }",
            "'a' (it may be '-1 Late')"
        },
        { Paid("int A"), Paid(Numbered) + "public enum State { Open }", "'a' (it is int32 (0 Open))" },
        { Paid(Numbered) + "public enum State { Open }", Paid("int A"), "'a' (it is int32)" },
        { Paid("Payment A") + Payment(Card), Paid("Payment A") + Payment(Card + Cash), "'a{$type: cash}' (it is new)" },
        {
            Paid("int A"),
            Paid("[property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] long A"),
            "'a' (it was int32 and is int64 or text)"
        },
        {
            """[Event("paid")] public sealed record Paid(int A);""",
            """[Event("paid")] public sealed record Payment(int A);""",
            "FES0037 at Payment: The contract of the event 'paid' in version 1 does not say yet: the type 'Payment'"
        },
        {
            Paid("int A"),
            Paid("int A") + "[Event] public sealed record Refunded(int A);",
            "FES0036 at Refunded: Version 1 of the event 'refunded' is not in the contract of events yet"
        },
    };

    /// <summary>What changes nothing that is stored.</summary>
    public static TheoryData<string, string> Silent => new()
    {
        { Paid("int A, int B"), Paid("int B, int A") },
        { Paid("int A"), """[Event] public sealed record Paid([property: JsonPropertyName("a")] int Amount);""" },
        { Paid("int A"), "[Event] public sealed class Paid { public required int A { get; init; } }" },
        { Paid("Guid A"), Paid("OrderId A") + "[StreamId] public readonly partial record struct OrderId(Guid Value);" },
        { Paid("List<int> A"), Paid("ImmutableArray<int> A") },
        { Paid("HashSet<int> A"), Paid("SortedSet<int> A") },
        { Paid(Numbered) + "public enum State { Open, Paid }", Paid(Numbered) + "public enum State { Paid = 1, Open = 0 }" },
        { Paid("Line A") + "public record Line(int B);", Paid("Price A") + "public readonly record struct Price(int B);" },
        {
            Paid("Line First, Line Second") + "public record Line(int B);",
            Paid("Line First, Other Second") + "public record Line(int B); public record Other(int B);"
        },
        { Paid("Node Root") + "public record Node(List<Node> Children);", Paid("Tree Root") + "public record Tree(List<Tree> Children);" },
        {
            "[Event] public sealed record Paid(int A, Paid? Before);",
            "[Event] public sealed record Paid(int A, Older? Before); public record Older(int A, Older? Before);"
        },
        { Paid("Dictionary<Odd, List<string?>> A, Odd? B") + Odd, Paid("IReadOnlyDictionary<Odd, string?[]> A, Odd? B") + Odd },
    };

    private const string Numbered = "[property: JsonConverter(typeof(JsonNumberEnumConverter<State>))] State A";
    private const string Odd = """public enum Odd { [JsonStringEnumMemberName("a, b')")] A, [JsonStringEnumMemberName(" to \\")] B, C }""";

    [Theory, MemberData(nameof(Breaking))]
    public async Task What_stored_events_would_not_survive_is_an_error_with_three_ways_out(string before, string after, string message)
    {
        var found = await ContractCase.AnalyzeAsync(after, ContractCase.Update(before));
        var breaking = found.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(ContractCase.Describe)
            .ToArray();
        breaking.ShouldContain(
            described => described.Contains(message, StringComparison.Ordinal), string.Join("\n", found.Select(ContractCase.Describe)));
        breaking.ShouldAllBe(
            static described => described.Contains("; or ")
                && described.EndsWith("accept the change with 'dotnet build -p:UpdateEventContracts=true'"));
    }

    [Theory, MemberData(nameof(Breaking))]
    public async Task Asking_for_an_update_accepts_it(string before, string after, string message)
    {
        var contract = ContractCase.Update(before);
        (await ContractCase.AnalyzeAsync(Sources.Parse(after), isUpdate: true, ContractCase.File(contract))).ShouldBeEmpty(message);
        (await ContractCase.AnalyzeAsync(after, ContractCase.Update(after, contract))).ShouldBeEmpty(message);
    }

    [Theory, MemberData(nameof(Harmless))]
    public async Task What_stored_events_survive_is_an_info_once(string before, string after, string message)
    {
        var contract = ContractCase.Update(before);
        var found = (await ContractCase.AnalyzeAsync(after, contract)).ShouldHaveSingleItem();
        ContractCase.Describe(found).ShouldContain(message);
        found.Severity.ShouldBe(DiagnosticSeverity.Info);
        (await ContractCase.AnalyzeAsync(after, ContractCase.Update(after, contract))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("personal of id text", "personal text")]
    [InlineData("left out by default nullable text", "optional nullable text")]
    public async Task A_contract_that_lacks_a_newer_detail_is_read_and_brought_up_to_date(string now, string before)
    {
        const string Source =
            "[Event] public sealed record Paid(int Id, [PersonalData(Subject = \"Id\")] string A, [property: JsonIgnore(Condition = "
                + "JsonIgnoreCondition.WhenWritingNull)] string? B = null);";
        var contract = ContractCase.Update(Source);
        contract.ShouldContain(now);
        var found = (await ContractCase.AnalyzeAsync(Source, contract.Replace(now, before, StringComparison.Ordinal)))
            .ShouldHaveSingleItem();
        found.Id.ShouldBe("FES0037");
        ContractCase.Update(Source, contract.Replace(now, before, StringComparison.Ordinal)).ShouldBe(contract);
    }

    [Theory, MemberData(nameof(Silent))]
    public async Task What_changes_nothing_that_is_stored_is_not_reported(string before, string after) =>
        (await ContractCase.AnalyzeAsync(after, ContractCase.Update(before))).Select(ContractCase.Describe).ShouldBeEmpty();

    [Fact]
    public async Task A_pragma_reaches_what_is_reported_at_a_property()
    {
        const string after = """
            [Event] public sealed record Paid(
                int A,
            #pragma warning disable FES0037
                int? B = null);
            """;
        (await ContractCase.AnalyzeAsync(after, ContractCase.Update(Paid("int A")))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_breaking_event_reports_only_what_breaks()
    {
        var found = await ContractCase.AnalyzeAsync(Paid("int B, int? C = null"), ContractCase.Update(Paid("int A, int B")));
        found.ShouldHaveSingleItem().Id.ShouldBe("FES0031");
    }

    [Fact]
    public async Task A_version_with_an_upcaster_of_its_json_is_read()
    {
        const string after = """
            [Event(Version = 2)] public sealed record Paid(int A);
            public static class Upcasters { [Upcaster("paid")] public static Paid Up(System.Text.Json.JsonElement old) => new(1); }
            """;
        var contract = ContractCase.Update(Paid("string B"));
        (await ContractCase.AnalyzeAsync(after, contract)).ShouldHaveSingleItem().Id.ShouldBe("FES0036");
        var updated = ContractCase.Update(after, contract);
        updated.ShouldContain("""{"b": "b"}""");
        (await ContractCase.AnalyzeAsync(after, updated)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_has_become_an_alias_is_compared_with_the_event_that_has_the_alias()
    {
        var contract = ContractCase.Update(Paid("int A"));
        const string renamed = """[Event("paid-up"), EventAlias("paid")] public sealed record Paid(int A);""";
        (await ContractCase.AnalyzeAsync(renamed, contract)).ShouldHaveSingleItem().Id.ShouldBe("FES0036");
        (await ContractCase.AnalyzeAsync(renamed, ContractCase.Update(renamed, contract))).ShouldBeEmpty();

        var retyped = renamed.Replace("int A", "string A");
        (await ContractCase.AnalyzeAsync(retyped, contract))
            .Select(static found => found.Id)
            .ShouldBe(["FES0032", "FES0036"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_event_that_a_referenced_assembly_declares_is_read()
    {
        Sources.Generate(Sources.Parse(Paid("int A"), "Library"), out var library);
        var image = MetadataReference.CreateFromImage(LoadedCase.Emit(library));
        (await ContractCase.AnalyzeAsync("public sealed class Nothing;", ContractCase.Update(Paid("int A")), image)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fault_of_a_closed_type_of_a_referenced_definition_is_reported_in_the_file()
    {
        var contract = ContractCase.Update(Box("T Value", "string")).Replace("nullable text", "nullable guid");
        Sources.Generate(Sources.Parse("[Event] public sealed record Box<T>(T Value);", "Library"), out var library);
        var found = await ContractCase.AnalyzeAsync(
            "[assembly: ClosedEvent(typeof(Box<string>))]", contract, MetadataReference.CreateFromImage(LoadedCase.Emit(library)));
        ContractCase.Describe(found.ShouldHaveSingleItem()).ShouldStartWith(
            "FES0032 at /shop/EventContracts.json(4,1): Stored events 'box-of-string' of version 1 hold 'value' as guid");
    }

    [Fact]
    public async Task While_an_event_cannot_be_modelled_nothing_is_reported_as_removed()
    {
        var compilation = Sources.Parse("""[Event("bought")] public sealed record Bought(object A);""");
        ContractCase.Run(compilation, out var output, isUpdate: false, ContractCase.File(ContractCase.Update(Paid("int A")))).Diagnostics
            .ShouldHaveSingleItem().Id
            .ShouldBe("FES0005");
        output.SyntaxTrees.ShouldNotContain(static tree => tree.FilePath.Contains("Drift"));
    }

    private static string Box(string parameters, string argument) =>
        $"[assembly: ClosedEvent(typeof(Box<{argument}>))] public sealed record Box; [Event] public sealed record Box<T>({parameters});";

    private const string Card = """[JsonDerivedType(typeof(Card), "card")]|public sealed record Card(int X) : Payment;""";
    private const string Cash = """#[JsonDerivedType(typeof(Cash), "cash")]|public sealed record Cash(int Y) : Payment;""";

    private static string Payment(string variants)
    {
        var parts = variants.Split('#').Select(static variant => variant.Split('|')).ToArray();
        return string.Concat(parts.Select(static part => part[0]))
            + "public abstract record Payment;"
            + string.Concat(parts.Select(static part => part[1]));
    }

    private const string LeftOut = "[JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public int A { get; init; }";

    private static string Kept(string property) => $"[Event] public sealed record Paid {{ {property} }}";

    private static string Paid(string parameters) => $"[Event] public sealed record Paid({parameters});";
}
