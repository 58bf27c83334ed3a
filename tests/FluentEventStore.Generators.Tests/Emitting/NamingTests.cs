using System.Text.Json;
using FluentEventStore.Generators.Symbols;
using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

public sealed class NamingTests
{
    [Theory]
    [InlineData("AccountOpened", "account-opened")]
    [InlineData("HTTPCall", "http-call")]
    [InlineData("MoneyDepositedV2", "money-deposited-v2")]
    [InlineData("Order66Executed", "order66-executed")]
    [InlineData("snake_case_Name", "snake-case-name")]
    [InlineData("_Odd__Name_", "odd-name")]
    [InlineData("A", "a")]
    [InlineData("ÉtatChangé", "état-changé")]
    public void A_name_in_C_sharp_becomes_kebab_case(string name, string expected) => NameRules.Kebab(name).ShouldBe(expected);

    [Theory]
    [InlineData("A")]
    [InlineData("AB")]
    [InlineData("ABc")]
    [InlineData("URLValue")]
    [InlineData("MyURL")]
    [InlineData("IOStream")]
    [InlineData("already")]
    [InlineData("_Under")]
    [InlineData("X1Y")]
    [InlineData("ÉtatCivil")]
    public void Properties_are_named_as_System_Text_Json_names_them(string name) =>
        NameRules.Camel(name).ShouldBe(JsonNamingPolicy.CamelCase.ConvertName(name));

    [Fact]
    public void Keywords_and_names_that_generated_code_uses_itself_are_allowed() => Probe.Run("""
        namespace @namespace.@event
        {
            public enum @enum { @class, @default }

            [Event]
            public sealed record @record(int @class, string @params, @enum @enum)
            {
                public int reader { get; set; }
                public int Reader { get; init; }
                public int writer { get; init; }
                public int value { get; init; }
                public int Value { get; init; }
                public int result { get; init; }
                public int Json { get; init; }
                public int JsonObject { get; init; }
                public int X { get; set; }
                public int HasX { get; set; }
                public int hasX { get; set; }
                public int Id { get; init; }
                public int Utf8JsonReader { get; init; }
                public int @void { get; init; }
                public int Object { get; init; }
                public int System { get; init; }
                public int global { get; init; }
            }

            [Aggregate]
            public partial class @struct
            {
                public void Apply(@record @event) { }
            }
        }

        public static class Test
        {
            public static string Run() => Json.Again<@namespace.@event.@record, FluentEventStore.Generated.namespace_event_recordJson>(
                "{\"class\":1,\"params\":\"p\",\"enum\":\"default\",\"reader\":1,\"hasX\":4}");
        }
        """.Replace("public int Reader { get; init; }", """[JsonPropertyName("Reader")] public int Reader { get; init; }""")
            .Replace("public int Value { get; init; }", """[JsonPropertyName("Value")] public int Value { get; init; }""")
            .Replace("public int HasX { get; set; }", """[JsonPropertyName("HasX")] public int HasX { get; set; }"""))
        .ShouldStartWith("""{"class":1,"params":"p","enum":"default","reader":1,"Reader":0,""");

    [Fact]
    public void Nested_internal_and_closed_generic_types_have_codecs_of_their_own() => Probe.Run("""
        namespace Shop
        {
            public partial class Outer
            {
                public record Line(int A);

                [Event]
                internal sealed record Placed(
                    Line Line, Shop.Line Other, Page<Line> Page, Page<string?> Texts, Page<string>[] More, Outer.Box<int>.Item Item);

                internal class Box<T> { public record Item(T Value); }

                [Aggregate]
                internal sealed partial class Tally
                {
                    public int Count { get; private set; }
                    private void Apply(Placed e) => Count++;
                }
            }

            public record Line(string B);

            internal sealed record Page<T>(IReadOnlyList<T> Items, Page<T>? Next);
        }

        public static class Test
        {
            public static string Run() => Json.Again<Shop.Outer.Placed, FluentEventStore.Generated.Shop_Outer_PlacedJson>(
                "{\"line\":{\"a\":1},\"other\":{\"b\":\"x\"},\"page\":{\"items\":[{\"a\":2}],\"next\":{\"items\":[]}},"
                    + "\"texts\":{\"items\":[null]},\"more\":[{\"items\":[\"y\"]}],\"item\":{\"value\":3}}");
        }
        """).ShouldBe(
            """
            {"line":{"a":1},"other":{"b":"x"},"page":{"items":[{"a":2}],"next":{"items":[],"next":null}},
            "texts":{"items":[null],"next":null},
            "more":[{"items":["y"],"next":null}],"item":{"value":3}}
            """.ReplaceLineEndings(""));

    [Fact]
    public void Types_that_differ_in_case_only_get_files_of_their_own() => Probe.Run("""
        [Event("a")] public sealed record Placed(int A);
        [Event("b")] public sealed record PLACED(int B);

        public static class Test
        {
            public static string Run() => Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{\"a\":1}")
                + Json.Again<PLACED, FluentEventStore.Generated.PLACEDJson>("{\"b\":2}");
        }
        """).ShouldBe("""{"a":1}{"b":2}""");

    [Theory]
    [InlineData("[Aggregate] public sealed partial record Order(Guid Id);", 2)]
    [InlineData("[StreamId] public readonly partial record struct Order(Guid Value);", 1)]
    [InlineData("[EventHandler] public sealed partial class Order { private void Handle(IEvent e) { } }", 1)]
    [InlineData(
        "[Decider] public static partial class Order { public static int Initial => 0; private static Placed Decide(Guid id) => new(id); "
            + "private static int Evolve(int state, Placed e) => state + 1; }",
        1)]
    [InlineData("[Document] public sealed record Order(Guid Id);", 1)]
    [InlineData(
        "[JsonDerivedType(typeof(Paid), \"paid\")] public abstract record Order { public sealed record Paid : Order; } [Document] public "
            + "sealed record OfOrder(Guid Id, Order Value);",
        3)]
    public void Types_that_differ_in_case_only_get_files_of_their_own_whatever_they_are(string order, int files) =>
        Sources.Generate(
            Sources.Parse(
                $"[Event] public sealed record Placed(Guid Id);\n{order}\n"
                    + order.Replace("Order", "ORder", StringComparison.Ordinal)),
            out _)
        .GeneratedSources.Count(static source => source.HintName.Contains("order", StringComparison.OrdinalIgnoreCase)).ShouldBe(2 * files);

    [Fact]
    public void A_stream_id_with_the_name_of_another_types_file_gets_a_file_of_its_own() => Sources.Generate(Sources.Parse("""
        [EventHandler] public sealed partial class Order { private void Handle(IEvent e) { } }
        [StreamId] public readonly partial record struct OrderHandler(Guid Value);
        """), out _).GeneratedSources.Length.ShouldBe(2);

    [Fact]
    public void Obsolete_types_and_members_do_not_warn_in_generated_code() => Probe.Run("""
        [Obsolete, Event("placed")]
        public sealed record PlacedV1(int Number, [property: Obsolete("old")] string? Text);

        [Aggregate]
        public sealed partial class Order
        {
            public int Count { get; private set; }
            [Obsolete] public void Apply(PlacedV1 e) => Count++;
        }

        public static class Test
        {
            [Obsolete]
            public static string Run() => Json.Again<PlacedV1, FluentEventStore.Generated.PlacedV1Json>("{\"number\":1}");
        }
        """).ShouldBe("""{"number":1,"text":null}""");
}
