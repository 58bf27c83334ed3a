using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

public sealed class DerivedValueTests
{
    private const string Cars = """
        public record Car(string Name);
        public sealed record Tesla(string Name, int Range) : Car(Name);
        public sealed class Garage : Cars;
        public class Cars : List<Car>;
        [Event] public sealed record Parked(List<Car> Cars, Car? First = null, Cars? More = null);

        """;

    private const string Try = """

        public static class Try
        {
            public static string Write<T, TCodec>(T value) where TCodec : struct, FluentEventStore.Serialization.IJsonCodec<T>
            {
                try { return Json.Write<T, TCodec>(value); }
                catch (System.Text.Json.JsonException refused) { return refused.Message; }
            }
        }
        """;

    [Theory]
    [InlineData(
        "new([new Car(\"a\")], new Car(\"b\"), [new Car(\"c\")])",
        """{"cars":[{"name":"a"}],"first":{"name":"b"},"more":[{"name":"c"}]}""")]
    [InlineData(
        "new([new Tesla(\"a\", 1)])",
        "A Tesla is given where a Car is stored, and would be read back as one: list it in [JsonDerivedType] on Car.")]
    [InlineData(
        "new([], new Tesla(\"a\", 1))",
        "A Tesla is given where a Car is stored, and would be read back as one: list it in [JsonDerivedType] on Car.")]
    [InlineData("new([], null, new Garage())", "A Garage is given where a Cars is stored, and would be read back as one.")]
    public void A_value_of_a_derived_type_is_refused_where_only_its_base_would_come_back(string value, string written) =>
        Probe.Run(Cars + $$"""
        public static class Test { public static string Run() => Try.Write<Parked, FluentEventStore.Generated.ParkedJson>({{value}}); }
        """ + Try).ShouldBe(written);

    [Fact]
    public void A_base_type_that_lists_others_writes_them_as_it_says() => Probe.Run("""
        [JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType)]
        [JsonDerivedType(typeof(Car), "car"), JsonDerivedType(typeof(Tesla), "tesla")]
        public record Car(string Name);
        public record Tesla(string Name, int Range) : Car(Name);
        public sealed record Other(string Name) : Car(Name);
        [Event] public sealed record Parked(List<Car> Cars);
        public static class Test
        {
            public static string Run() =>
                Try.Write<Parked, FluentEventStore.Generated.ParkedJson>(new([new Car("a"), new Tesla("b", 1), new Other("c")]));
        }
        """ + Try).ShouldBe("""{"cars":[{"$type":"car","name":"a"},{"$type":"tesla","range":1,"name":"b"},{"$type":"car","name":"c"}]}""");

    [Theory]
    [InlineData("List<int>", "new MyList { 1 }", "A MyList is given where a List is stored, and would be read back as one.")]
    [InlineData(
        "IReadOnlyList<int>", "new MyList { 1 }", "A MyList is given where a IReadOnlyList is stored, and would be read back as one.")]
    [InlineData("IEnumerable<int>?", "new MyList { 1 }", "A MyList is given where a IEnumerable is stored, and would be read back as one.")]
    [InlineData("List<List<int>>", "[new MyList { 1 }]", "A MyList is given where a List is stored, and would be read back as one.")]
    [InlineData(
        "Dictionary<string, "
            + "int>", "new MyMap { [\"a\"] = 1 }", "A MyMap is given where a Dictionary is stored, and would be read back as one.")]
    [InlineData(
        "IReadOnlyDictionary<string, int>",
        "new MyMap { [\"a\"] = 1 }",
        "A MyMap is given where a IReadOnlyDictionary is stored, and would be read back as one.")]
    [InlineData(
        "SortedDictionary<string, int>",
        "new MySorted { [\"a\"] = 1 }",
        "A MySorted is given where a SortedDictionary is stored, and would be read back as one.")]
    [InlineData("HashSet<int>", "new MySet { 1 }", "A MySet is given where a HashSet is stored, and would be read back as one.")]
    [InlineData(
        "System.Collections.ObjectModel.Collection<int>",
        "new MyCollection { 1 }",
        "A MyCollection is given where a Collection is stored, and would be read back as one.")]
    [InlineData("Uri", "new MyUri()", "A MyUri is given where a Uri is stored, and would be read back as one.")]
    [InlineData("IReadOnlyList<int>", "[1, 2]", """{"a":[1,2]}""")]
    [InlineData("IEnumerable<int>", "Each()", """{"a":[1,2]}""")]
    [InlineData("IEnumerable<int>", "new[] { 1, 2 }.Where(static item => item > 1)", """{"a":[2]}""")]
    [InlineData("IReadOnlyCollection<int>", "ImmutableList.Create(1)", """{"a":[1]}""")]
    [InlineData("IList<int>", "new int[] { 1 }", """{"a":[1]}""")]
    [InlineData("IDictionary<string, int>", "new SortedList<string, int> { [\"a\"] = 1 }", """{"a":{"a":1}}""")]
    [InlineData(
        "System.Collections.Frozen.FrozenSet<int>", "System.Collections.Frozen.FrozenSet.ToFrozenSet(new[] { 1 })", """{"a":[1]}""")]
    [InlineData("SortedSet<int>", "new SortedSet<int> { 1, 5 }.GetViewBetween(2, 9)", """{"a":[5]}""")]
    public void A_collection_of_a_derived_type_is_refused_and_every_one_of_the_framework_is_written(
        string type, string value, string written) => Probe.Run($$"""
        public sealed class MyList : List<int> { public string Owner { get; set; } = "x"; }
        public sealed class MyMap : Dictionary<string, int>;
        public sealed class MySorted : SortedDictionary<string, int>;
        public sealed class MySet : HashSet<int>;
        public sealed class MyCollection : System.Collections.ObjectModel.Collection<int>;
        public sealed class MyUri() : Uri("https://example.org/");
        [Event] public sealed record Held({{type}} A);
        public static class Test
        {
            public static string Run() => Try.Write<Held, FluentEventStore.Generated.HeldJson>(new({{value}}));
            public static IEnumerable<int> Each() { yield return 1; yield return 2; }
        }
        """ + Try).ShouldBe(written);

    [Theory]
    [InlineData("Uri", "new Uri(\"/a/b\", UriKind.Absolute)", """{"a":"file:///a/b"}""")]
    [InlineData("Uri", "new Uri(\"/a/b\", UriKind.Relative)", """{"a":"/a/b"}""")]
    [InlineData("Uri", "new Uri(\"https://example.org/a%20b\")", """{"a":"https://example.org/a%20b"}""")]
    public void An_absolute_uri_comes_back_as_one(string type, string value, string written) => Probe.Run($$"""
        [Event] public sealed record Held({{type}} A);
        public static class Test
        {
            public static string Run()
            {
                var held = new Held({{value}});
                var json = Json.Write<Held, FluentEventStore.Generated.HeldJson>(held);
                return Json.Read<Held, FluentEventStore.Generated.HeldJson>(json) == held ? json : "another one";
            }
        }
        """).ShouldBe(written);

    [Theory]
    [InlineData("System.Text.Json.JsonElement", "Null", """{"a":null}""")]
    [InlineData("System.Text.Json.JsonElement?", "null", """{"a":null}""")]
    [InlineData(
        "System.Text.Json.JsonElement?",
        "Null",
        "A JsonElement that is JSON null would be read back as no value: store null instead.")]
    [InlineData("System.Text.Json.Nodes.JsonNode?", "System.Text.Json.Nodes.JsonValue.Create(Null)", """{"a":null}""")]
    [InlineData(
        "System.Text.Json.Nodes.JsonNode",
        "System.Text.Json.Nodes.JsonValue.Create(new Lazy())!",
        "A node that is JSON null would be read back as no node: store null instead.")]
    public void Json_null_is_distinguished_from_no_value(string type, string value, string written) => Probe.Run($$"""
        [Event] public sealed record Held({{type}} A);
        [JsonConverter(typeof(C))] public sealed class Lazy;
        public sealed class C : JsonConverter<Lazy>
        {
            public override Lazy Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                new();
            public override void Write(
                System.Text.Json.Utf8JsonWriter writer, Lazy value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteNullValue();
        }
        public static class Test
        {
            private static readonly System.Text.Json.JsonElement Null = System.Text.Json.JsonDocument.Parse("null").RootElement;
            public static string Run() => Try.Write<Held, FluentEventStore.Generated.HeldJson>(new({{value}}));
        }
        """ + Try).ShouldBe(written);
}
