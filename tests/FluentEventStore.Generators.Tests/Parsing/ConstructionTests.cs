using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Tests;

public sealed class ConstructionTests
{
    [Fact]
    public void A_record_takes_constructor_init_required_and_settable_values() => Probe.Run("""
        namespace Shop
        {
            [Event]
            public sealed record Placed(int Number, string? Note, string City = "Paris")
            {
                public required string Customer { get; init; }
                public int Weight { get; set; } = 7;
                public string Colour { get; init; } = "red";
                public string Secret { get; private set; } = "none";
                public string Shout => Customer + "!";
            }
        }

        public static class Test
        {
            public static string Run() => string.Join("\n",
                Json.Again<Shop.Placed, FluentEventStore.Generated.Shop_PlacedJson>(
                    "{\"shout\":[1,{\"x\":2}],\"customer\":\"Ada\",\"number\":1}"),
                Json.Again<Shop.Placed, FluentEventStore.Generated.Shop_PlacedJson>(
                    "{\"secret\":\"s\",\"colour\":\"blue\",\"weight\":2,\"customer\":\"Bob\","
                        + "\"city\":\"Rome\",\"note\":\"n\",\"number\":2,\"more\":null}"),
                Json.Again<Shop.Placed, FluentEventStore.Generated.Shop_PlacedJson>("{\"number\":1}"),
                Json.Again<Shop.Placed, FluentEventStore.Generated.Shop_PlacedJson>("{\"customer\":\"Ada\"}"),
                Json.Again<Shop.Placed, FluentEventStore.Generated.Shop_PlacedJson>("{\"number\":1,\"customer\":null}"),
                Json.Again<Shop.Placed, FluentEventStore.Generated.Shop_PlacedJson>("[]"));
        }
        """).ShouldBe("""
            {"number":1,"note":null,"city":"Paris","customer":"Ada","weight":7,"colour":"red","secret":"none","shout":"Ada!"}
            {"number":2,"note":"n","city":"Rome","customer":"Bob","weight":2,"colour":"blue","secret":"s","shout":"Bob!"}
            The property 'customer' of Placed is missing.
            The property 'number' of Placed is missing.
            null was found where a value of type string is expected.
            A JSON array cannot be read as Placed.
            """);

    [Fact]
    public void Structs_and_record_structs_take_init_only_values_by_reference() => Probe.Run("""
        [Event]
        public struct Moved
        {
            public Moved() { }
            public int X { get; set; } = 3;
            public int Y { get; init; } = 4;
            public Size Size { get; private set; } = new(1, 2);
        }

        public readonly record struct Size(int Width, int Height)
        {
            public string? Unit { get; init; }
        }

        public static class Test
        {
            public static string Run() => string.Join("\n",
                Json.Again<Moved, FluentEventStore.Generated.MovedJson>("{}"),
                Json.Again<Moved, FluentEventStore.Generated.MovedJson>(
                    "{\"y\":9,\"x\":8,\"size\":{\"unit\":\"cm\",\"height\":6,\"width\":5}}"));
        }
        """).ShouldBe("""
            {"x":3,"y":4,"size":{"width":1,"height":2,"unit":null}}
            {"x":8,"y":9,"size":{"width":5,"height":6,"unit":"cm"}}
            """);

    [Fact]
    public void Every_kind_of_default_of_a_parameter_is_kept() => Probe.Run("""
        public enum Colour { Red, Blue = 4 }

        [Event]
        public sealed record Defaults(
            string Text = "a\"b\\\n", char Char = '\'', bool Bool = true, double Double = 1e300, float Float = -1.5f,
            decimal Decimal = 1.10m, long Long = long.MinValue, ulong ULong = ulong.MaxValue, uint UInt = uint.MaxValue,
            byte Byte = 255, Colour Colour = Colour.Blue, Colour? Maybe = Colour.Red, int? None = null, int? Some = 3, Guid Guid = default,
            string? Nothing = null, double Least = double.Epsilon);

        public static class Test
        {
            public static string Run() => Json.Again<Defaults, FluentEventStore.Generated.DefaultsJson>("{}");
        }
        """).ShouldBe(
            """
            {"text":"a\"b\\\n","char":"'","bool":true,"double":1E+300,"float":-1.5,"decimal":1.10,
            "long":-9223372036854775808,"uLong":18446744073709551615,"uInt":4294967295,"byte":255,
            "colour":"Blue","maybe":"Red","none":null,"some":3,"guid":"00000000-0000-0000-0000-000000000000","nothing":null,"least":5E-324}
            """.ReplaceLineEndings(""));

    [Fact]
    public void Properties_of_base_classes_are_included_each_name_once() => Probe.Run("""
        public abstract class Root<T>
        {
            public T? Item { get; init; }
            public string Kept { get; private set; } = "";
            public virtual int Size { get; set; }
            [JsonIgnore] public int Hidden { get; set; }
        }

        public class Middle : Root<string>
        {
            public override int Size { get => base.Size * 2; }
            public new string Hidden { get; set; } = "";
        }

        [Event]
        public sealed class Leaf : Middle
        {
            public int Own { get; set; }
        }

        public static class Test
        {
            public static string Run() =>
                Json.Again<Leaf, FluentEventStore.Generated.LeafJson>(
                    "{\"item\":\"i\",\"kept\":\"k\",\"size\":3,\"hidden\":\"h\",\"own\":1}");
        }
        """).ShouldBe("""{"own":1,"size":6,"hidden":"h","item":"i","kept":"k"}""");

    [Fact]
    public void The_constructor_is_the_marked_one_or_the_primary_one_or_the_parameterless_one() => Probe.Run("""
        [Event]
        public sealed class Marked
        {
            public Marked() => Text = "wrong";
            [JsonConstructor]
            public Marked(string text) => Text = text;
            public string Text { get; }
        }

        [Event]
        public sealed record Primary(string Text)
        {
            public Primary(int number) : this(number.ToString()) { }
        }

        [Event]
        public sealed class Parameterless
        {
            public Parameterless() { }
            public Parameterless(string text) => Text = text;
            public string Text { get; set; } = "";
        }

        public static class Test
        {
            public static string Run() => Json.Again<Marked, FluentEventStore.Generated.MarkedJson>("{\"text\":\"m\"}")
                + Json.Again<Primary, FluentEventStore.Generated.PrimaryJson>("{\"text\":\"p\"}")
                + Json.Again<Parameterless, FluentEventStore.Generated.ParameterlessJson>("{\"text\":\"l\"}");
        }
        """).ShouldBe("""{"text":"m"}{"text":"p"}{"text":"l"}""");

    [Fact]
    public void Code_without_nullable_annotations_may_hold_null() => Probe.Run("""
        [Event]
        public sealed record Old(string Text, string[] Texts, Dictionary<string, Old> Inner);

        public static class Test
        {
            public static string Run() =>
                Json.Again<Old, FluentEventStore.Generated.OldJson>("{\"texts\":[null,\"a\"],\"inner\":{\"k\":null}}");
        }
        """, NullableContextOptions.Disable).ShouldBe("""{"text":null,"texts":[null,"a"],"inner":{"k":null}}""");

    [Fact]
    public void A_required_member_that_the_constructor_takes_too_satisfies_the_compiler() => Probe.Run("""
        [Event]
        public sealed class Both
        {
            public Both(int number) => Number = number;
            public required int Number { get; set; }
            public required string? Text { get; init; }
        }

        [Event]
        public sealed class Sets
        {
            [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
            public Sets(int number) => Number = number;
            public required int Number { get; init; }
            public required string Text { get; init; } = "unset";
        }

        public static class Test
        {
            public static string Run() => Json.Again<Both, FluentEventStore.Generated.BothJson>("{\"number\":1,\"text\":null}")
                + Json.Again<Both, FluentEventStore.Generated.BothJson>("{\"number\":1}")
                + Json.Again<Sets, FluentEventStore.Generated.SetsJson>("{\"number\":1}");
        }
        """).ShouldBe("""{"number":1,"text":null}The property 'text' of Both is missing.{"number":1,"text":"unset"}""");

    [Fact]
    public void Ignored_and_renamed_members() => Probe.Run("""
        [Event]
        public sealed record Picky([property: JsonIgnore] string? Hidden, [property: JsonPropertyName("x y")] int Renamed)
        {
            [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
            public int Never { get; init; }
            [JsonIgnore]
            public object Anything { get; } = 1;
            [JsonIgnore]
            public int Field;
        }

        public static class Test
        {
            public static string Run() =>
                Json.Again<Picky, FluentEventStore.Generated.PickyJson>("{\"hidden\":\"h\",\"x y\":2,\"never\":3}");
        }
        """).ShouldBe("""{"x y":2,"never":3}""");

    [Fact]
    public void Members_that_are_not_public_are_stored_where_they_are_marked_also_in_structs_and_generic_base_types() => Probe.Run("""
        public class Base<T>
        {
            [JsonInclude] private T? Kept { get; set; }
            [JsonInclude] internal T? Shown { get; set; }
            [JsonInclude] protected int Depth { get; init; } = 3;
            [JsonIgnore] private int Lost { get; set; } = 9;
        }

        [Event]
        public sealed class Placed : Base<string>
        {
            public List<Cell> Cells { get; init; } = [];
        }

        public struct Cell
        {
            public Cell() { }
            [JsonInclude] private int Row { get; set; } = 1;
            [JsonInclude] private int? Column { get; init; }
        }

        public static class Test
        {
            public static string Run() => string.Join("\n",
                Json.Again<Placed, FluentEventStore.Generated.PlacedJson>(
                    "{\"depth\":4,\"kept\":\"k\",\"shown\":\"s\",\"lost\":1,\"cells\":[{\"column\":2},{\"row\":5}]}"),
                Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{}"));
        }
        """).ShouldBe("""
            {"cells":[{"row":1,"column":2},{"row":5,"column":null}],"kept":"k","shown":"s","depth":4}
            {"cells":[],"kept":null,"shown":null,"depth":3}
            """);

    [Fact]
    public void Records_inherit_and_nest_and_properties_may_use_their_field() => Probe.Run("""
        public abstract record Note(string Text) { public int Length => Text.Length; }

        public static class Outer
        {
            [Event]
            public sealed record Written(string Text, int Page = 7) : Note(Text)
            {
                public string Author { get; init => field = value.Trim(); } = "";
                public int Edition { get; private set; } = 1;
                public record struct Mark(char Sign);
                public Mark? Marked { get; set; }
            }
        }

        public static class Test
        {
            public static string Run() => string.Join("\n",
                Json.Again<Outer.Written, FluentEventStore.Generated.Outer_WrittenJson>(
                    "{\"text\":\"abc\",\"author\":\" Ada \",\"edition\":2,\"marked\":{\"sign\":\"x\"}}"),
                Json.Again<Outer.Written, FluentEventStore.Generated.Outer_WrittenJson>("{\"text\":\"\",\"page\":1}"));
        }
        """, languageVersion: LanguageVersion.Preview).ShouldBe("""
            {"page":7,"author":"Ada","edition":2,"marked":{"sign":"x"},"text":"abc","length":3}
            {"page":1,"author":"","edition":1,"marked":null,"text":"","length":0}
            """);
}
