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
    [InlineData(
        "[Aggregate] public sealed partial record Cart(Guid Id) { public Cart Apply(IEvent<Shop.Imported<Shop.Order>> e) => this; }")]
    [InlineData(
        "[Aggregate] public sealed partial record Cart(Guid Id) { public IReadOnlyList<Shop.Imported<Shop.Order>[]> Decide() => []; }")]
    [InlineData(
        "public static class Up { [Upcaster(\"imported-of-order\")] public static Shop.Imported<Shop.Order> "
            + "From(System.Text.Json.JsonElement old) => null!; }")]
    [InlineData("[assembly: ClosedEvent(typeof(Shop.Imported<Shop.Order>))]")]
    public void A_generic_event_is_closed_where_it_is_used(string use) =>
        Catalog(use).ShouldContain(
            "EventCatalog.Register<global::Shop.Imported<global::Shop.Order?>, "
                + "global::FluentEventStore.Generated.Shop_Imported_Of1_Shop_Order_OrNullJson>(\"imported-of-order\", 2, ");

    [Theory]
    [InlineData("Shop.Imported<int>", "imported-of-int32")]
    [InlineData("Shop.Imported<string[]>", "imported-of-string-array")]
    [InlineData("Shop.Imported<Shop.Paid>", "imported-of-order-paid")]
    [InlineData("Shop.Imported<List<Shop.Order>>", "imported-of-list-of-order")]
    [InlineData("Shop.Imported<Shop.Imported<DayOfWeek>>", "imported-of-imported-of-day-of-week")]
    public void A_closed_type_is_named_after_its_arguments(string type, string name) =>
        Catalog($"[assembly: ClosedEvent(typeof({type}))]").ShouldContain($"(\"{name}\", 2, ");

    [Fact]
    public void A_closed_type_that_several_events_name_is_registered_once()
    {
        var catalog = Catalog("""
            [assembly: ClosedEvent(typeof(Shop.Imported<int>))]
            [assembly: ClosedEvent(typeof(Shop.Imported<int>))]
            [Aggregate] public sealed partial record Cart(Guid Id)
            {
                public Cart Apply(Shop.Imported<int> e) => this;
                public static bool ShouldDelete(Shop.Imported<int> e) => true;
            }
            """);

        catalog.Split("\"imported-of-int32\", 2, new").Length.ShouldBe(2);
    }

    [Fact]
    public void A_closed_event_is_written_and_read_but_an_open_type_is_not_an_event() => Probe.Run(Definition + """

        [Aggregate]
        public sealed partial record Cart(Guid Id)
        {
            public Cart Apply(Shop.Imported<Shop.Order?> e) => this;
        }

        public static class Test
        {
            public static string Run() =>
                Json.Again<Shop.Imported<Shop.Order?>, FluentEventStore.Generated.Shop_Imported_Of1_Shop_Order_OrNullJson>(
                "{\"source\":\"s\",\"item\":{\"number\":7}}");
        }
        """).ShouldBe("""{"item":{"number":7},"source":"s"}""");

    [Theory]
    [InlineData("Kept<string>", "Kept<string?>", "kept-of-string")]
    [InlineData("Kept<List<string?>>", "Kept<List<string>?>", "kept-of-list-of-string")]
    [InlineData("Kept<string?[]>", "Kept<string[]>", "kept-of-string-array")]
    [InlineData("Outer<string>.Inner", "Outer<string?>.Inner", "inner-of-string")]
    [InlineData("Outer<string>.Inner<Uri?>", "Outer<string?>.Inner<Uri>", "inner-of-string-and-uri")]
    [InlineData("Guarded<string, Uri?>", "Guarded<string, Uri>", "guarded-of-string-and-uri")]
    public void Uses_that_differ_by_what_may_be_null_name_one_event(string one, string other, string name) => Catalog($$"""
        [Event] public sealed record Kept<T>(T Item);
        public static class Outer<T>
        {
            [Event] public sealed record Inner(T Item);
            [Event] public sealed record Inner<TOther>(T Item, TOther Other);
        }
        [Event] public sealed record Guarded<T, TOther>(T Item, TOther Other) where T : class, IComparable<T>;
        [EventHandler] public sealed partial class One { void Handle({{one}} e) { } void Handle(IEvent<Kept<Kept<string>>> e) { } }
        [EventHandler] public sealed partial class Two { void Handle({{other}} e) { } void Handle(IEvent<Kept<Kept<string?>?>> e) { } }
        """).Split($"(\"{name}\", 1").Length.ShouldBe(2);

    [Fact]
    public void Assemblies_that_differ_by_what_may_be_null_register_one_event()
    {
        const string Handler = "[EventHandler] public sealed partial class H { void Handle(Shop.Imported<Shop.Order> e) { } }";
        Sources.Generate(Sources.Parse(Definition + Handler, "Shop"), out var shop);
        var reference = Microsoft.CodeAnalysis.MetadataReference.CreateFromImage(LoadedCase.Emit(shop));
        Sources.Generate(
            Sources.Parse(
                Handler.Replace("Order>", "Order?>", StringComparison.Ordinal).Replace(" H ", " I ", StringComparison.Ordinal),
                "App",
                references: [reference]),
            out _);
    }

    [Fact]
    public void A_type_argument_may_be_nullable_but_its_property_must_not_be_missing() => Probe.Run("""
        [Event] public sealed record Kept<T, TOther>(T Item, TOther? Other);
        [EventHandler] public sealed partial class H { void Handle(Kept<string, string> e) { } }
        public sealed record Page<T>(T Item);
        [Event] public sealed record Placed(Page<string?> Page);

        public static class Test
        {
            public static string Run() => string.Join("\n",
                Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{\"page\":{}}"),
                Json.Again<Kept<string?, string?>, FluentEventStore.Generated.Kept_Of2_System_String_OrNull_System_String_OrNullJson>(
                    "{\"item\":null}"),
                Json.Again<Kept<string?, string?>, FluentEventStore.Generated.Kept_Of2_System_String_OrNull_System_String_OrNullJson>(
                    "{\"other\":\"o\"}"));
        }
        """).ShouldBe("""
            {"page":{"item":null}}
            {"item":null,"other":null}
            The property 'item' of Kept`2 is missing.
            """);

    [Fact]
    public void A_value_of_a_type_parameter_may_be_a_tag_and_a_subject() => Catalog("""
        [Event] public sealed record Kept<T>([Tag] T Id, [PersonalData(Subject = "Id")] T Name)
        {
            [JsonInclude, Tag] public readonly T Id = Id;
        }
        [EventHandler] public sealed partial class H { void Handle(Kept<string> e) { } void Handle(Kept<int> e) { } }
        """).Split("Tags = static e => [new").Length.ShouldBe(3);

    [Theory]
    [InlineData(Microsoft.CodeAnalysis.NullableContextOptions.Disable)]
    [InlineData(Microsoft.CodeAnalysis.NullableContextOptions.Annotations)]
    [InlineData(Microsoft.CodeAnalysis.NullableContextOptions.Warnings)]
    public void Code_without_nullable_annotations_gets_no_warning(Microsoft.CodeAnalysis.NullableContextOptions nullable) =>
        Sources.Generate(Sources.Parse(Definition + """
        [Event] public sealed record Old<T>(T Item, T[] Items, Dictionary<string, T> ByName) where T : class
        {
            public List<T> More { get; set; }
            public T Last { get; private set; }
        }
        public abstract record Base<T>(T Item);
        public sealed record Leaf<T>(T Item, T Other) : Base<T>(Item);
       
        [JsonDerivedType(typeof(Derived<string>), "derived")] public interface IRoot { }
        public sealed record Derived<T>(T Item) : IRoot;
        [Event] public sealed record Holder(Old<string> Old, IRoot Root, Leaf<Leaf<string>> Leaf);
        [Aggregate] public sealed partial record Cart(Guid Id)
        {
            public Cart Apply(Old<string> e) => this;
            public Cart Apply(IEvent<Shop.Imported<Shop.Order>> e) => this;
        }
        [EventHandler] public sealed partial class H
        {
            void Handle(Old<List<string>> e, EventMetadata m) { }
            void Handle(IEvent<Old<string[]>> e) { }
        }
        public static class Up { [Upcaster] public static Old<string> From(Shop.Imported<string> old) => null; }
        """, nullable: nullable), out _);

    [Fact]
    public void An_alias_has_the_arguments_too() =>
        Catalog("""[assembly: ClosedEvent(typeof(Kept<int>))] [Event, EventAlias("held")] public sealed record Kept<T>(T Item);""")
            .ShouldContain("RegisterAlias<global::Kept<int>>(\"held-of-int32\")");

    private static string Catalog(string use)
    {
        var (before, after) = use.StartsWith("[assembly", StringComparison.Ordinal) ? (use, "") : ("", use);
        return Sources.Generate(Sources.Parse(before + Definition + after), out _).GeneratedSources
            .Single(static source => source.HintName == "ShopCatalog.g.cs").SourceText
            .ToString();
    }
}
