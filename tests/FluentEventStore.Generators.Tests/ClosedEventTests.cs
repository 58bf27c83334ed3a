using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

public sealed class ClosedEventTests
{
    private const string Definition = """
        namespace Shop
        {
            [Event("imported", Version = 2)]
            public sealed record Imported<T>(T Item, string Source);

            [Event("order-paid")]
            public sealed record Paid(decimal Amount);

            public sealed record Order(int Number);
        }

        """;

    [Theory]
    [InlineData("[Aggregate] public sealed partial record Cart(Guid Id) { public Cart Apply(Shop.Imported<Shop.Order> e) => this; }")]
    [InlineData("[Aggregate] public sealed partial record Cart(Guid Id) { public Cart Apply(IEvent<Shop.Imported<Shop.Order>> e) => this; }")]
    [InlineData("[Aggregate] public sealed partial record Cart(Guid Id) { public IReadOnlyList<Shop.Imported<Shop.Order>[]> Decide() => []; }")]
    [InlineData("public static class Up { [Upcaster(\"imported-of-order\")] public static Shop.Imported<Shop.Order> From(System.Text.Json.JsonElement old) => null!; }")]
    [InlineData("[assembly: ClosedEvent(typeof(Shop.Imported<Shop.Order>))]")]
    public void A_generic_event_is_closed_where_it_is_used(string use) =>
        Catalog(use).ShouldContain("EventCatalog.Register<global::Shop.Imported<global::Shop.Order>, global::FluentEventStore.Generated.Shop_Imported_Of1_Shop_OrderJson>(\"imported-of-order\", 2, ");

    [Theory]
    [InlineData("Shop.Imported<int>", "imported-of-int32")]
    [InlineData("Shop.Imported<string[]>", "imported-of-string-array")]
    [InlineData("Shop.Imported<Shop.Paid>", "imported-of-order-paid")]
    [InlineData("Shop.Imported<List<Shop.Order>>", "imported-of-list-of-order")]
    [InlineData("Shop.Imported<Shop.Imported<DayOfWeek>>", "imported-of-imported-of-day-of-week")]
    public void A_closed_type_is_named_after_its_arguments(string type, string name) => Catalog($"[assembly: ClosedEvent(typeof({type}))]").ShouldContain($"(\"{name}\", 2, ");

    [Fact]
    public void What_several_name_is_registered_once()
    {
        var catalog = Catalog("""
            [assembly: ClosedEvent(typeof(Shop.Imported<int>))]
            [assembly: ClosedEvent(typeof(Shop.Imported<int>))]
            [Aggregate] public sealed partial record Cart(Guid Id) { public Cart Apply(Shop.Imported<int> e) => this; public static bool ShouldDelete(Shop.Imported<int> e) => true; }
            """);

        catalog.Split("\"imported-of-int32\", 2, columns").Length.ShouldBe(2);
    }

    [Fact]
    public void A_closed_event_is_written_and_read_and_an_open_one_is_none() => Probe.Run(Definition + """

        [Aggregate]
        public sealed partial record Cart(Guid Id)
        {
            public Cart Apply(Shop.Imported<Shop.Order?> e) => this;
        }

        public static class Test
        {
            public static string Run() => Json.Again<Shop.Imported<Shop.Order?>, FluentEventStore.Generated.Shop_Imported_Of1_Shop_Order_OrNullJson>(
                "{\"source\":\"s\",\"item\":{\"number\":7}}");
        }
        """).ShouldBe("""{"item":{"number":7},"source":"s"}""");

    [Fact]
    public void An_alias_has_the_arguments_too() =>
        Catalog("""[assembly: ClosedEvent(typeof(Kept<int>))] [Event, EventAlias("held")] public sealed record Kept<T>(T Item);""")
            .ShouldContain("RegisterAlias<global::Kept<int>>(\"held-of-int32\")");

    private static string Catalog(string use)
    {
        var (before, after) = use.StartsWith("[assembly", StringComparison.Ordinal) ? (use, "") : ("", use);
        return Sources.Generate(Sources.Parse(before + Definition + after), out _).GeneratedSources.Single(static source => source.HintName == "ShopCatalog.g.cs").SourceText.ToString();
    }
}
