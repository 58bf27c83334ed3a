using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

/// <summary>A value that is left out of the JSON is the one that is read back.</summary>
public sealed class OmissionTests
{
    private const string Default = "[JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]";
    private const string Null = "[JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]";

    public static TheoryData<string, string, string> Refused => new()
    {
        {
            "FES0009",
            $"[Event] public sealed record Priced([property: {Default[1..]} int Quantity = 1);",
            "[JsonIgnore] on 'Priced.Quantity' is not supported: it would be left out when it has the default of its type, but read as 1"
        },
        {
            "FES0009",
            $"[Event] public sealed record Priced([property: {Null[1..]} string? Currency = \"EUR\");",
            "but read as \"EUR\""
        },
        {
            "FES0009",
            $"[Event] public sealed record Priced([property: {Default[1..]} int? Quantity = 0);",
            "but read as 0"
        },
        {
            "FES0009",
            $"[Event] public sealed record Priced {{ {Default} public int Quantity {{ get; init; }} = 1; }}",
            "but read as 1"
        },
        {
            "FES0009",
            $"[Event] public sealed record Priced {{ {Null} public List<int>? Lines {{ get; init; }} = []; }}",
            "but read as []"
        },
        {
            "FES0009",
            $"[Event] public sealed record Priced {{ {Default} public int? Quantity {{ get; init; }} = 0; }}",
            "but read as 0"
        },
        {
            "FES0009",
            $"[Event] public sealed record Priced {{ {Default} public int Quantity {{ get; init; }} = Defaults.Most; }} "
                + "public static class Defaults { public const int Most = 7; }",
            "but read as Defaults.Most"
        },
        {
            "FES0009",
            $"[Event] public sealed record Priced(string? Currency) {{ {Null} "
                + "public string? Currency { get; init; } = Currency ?? \"EUR\"; }",
            "but read as Currency ?? \"EUR\""
        },
        {
            "FES0009",
            $"[Event] public sealed class Priced {{ {Default} [JsonInclude] private int _quantity = 1; "
                + "public int Twice => _quantity * 2; }",
            "but read as 1"
        },
        {
            "FES0009",
            $"[Event] public sealed class Priced(int? quantity) {{ {Default} public int Quantity {{ get; }} = quantity ?? 1; }}",
            "it would be left out, and read as what 'int?' of the constructor makes of a missing value"
        },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_would_come_back_as_something_else_is_not_left_out(string id, string source, string message)
    {
        var diagnostic = Sources.Run(Sources.Parse(source), out _).Diagnostics.First();
        Sources.Describe(diagnostic).ShouldContain(message);
        diagnostic.Id.ShouldBe(id);
    }

    [Fact]
    public void What_is_left_out_comes_back_whatever_the_constructor_makes_of_it() => Probe.Run($$"""
        public enum Kind { None, Some }
        [Event] public sealed record Priced(
            [property: {{Default[1..]}} int Quantity,
            [property: {{Null[1..]}} string? Currency = null,
            [property: {{Default[1..]}} Kind Kind = Kind.None,
            [property: {{Default[1..]}} bool Is = false)
        {
            {{Default}} public int First { get; init; } = 0;
            {{Default}} public Guid Id { get; init; } = Guid.Empty;
            {{Null}} public string? Note { get; init; } = null!;
            {{Default}} public decimal Price { get; init; } = default;
        }
        [Event] public sealed class Set
        {
            public Set() => (Quantity, Note, _kept) = (1, "set", 7);
            {{Default}} public int Quantity { get; set; }
            {{Null}} public string? Note { get; init; }
            {{Default}} [JsonInclude] private int _kept;
            public int Kept() => _kept;
        }
        public static class Test
        {
            public static string Run()
            {
                var priced = Json.Read<Priced, FluentEventStore.Generated.PricedJson>(
                    Json.Write<Priced, FluentEventStore.Generated.PricedJson>(new(0, null)));
                var set = Json.Read<Set, FluentEventStore.Generated.SetJson>("{}");
                return $"{Json.Write<Priced, FluentEventStore.Generated.PricedJson>(priced)} {priced == new Priced(0, null)} "
                    + $"{set.Quantity} {set.Note ?? "null"} {set.Kept()} {Json.Write<Set, FluentEventStore.Generated.SetJson>(set)}";
            }
        }
        """).ShouldBe("{} True 0 null 0 {}");

    [Fact]
    public void What_another_assembly_initializes_comes_back_too()
    {
        var library = Sources.Parse(
            $"namespace Library; public sealed class Line {{ {Default} public int Quantity {{ get; set; }} = 1; {Null} "
                + "public string? Note { get; set; } = \"n\"; }",
            "The.Library");
        Sources.Generate(Sources.Parse("""
            [Event] public sealed record Placed(global::Library.Line Line);
            public static class Test
            {
                public static string Run() => Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{\"line\":{}}");
            }
            """ + Probe.Source, "App", references: [MetadataReference.CreateFromImage(LoadedCase.Emit(library))]), out var app);
        LoadedCase.Run(library, app).ShouldBe("""{"line":{}}""");
    }
}
