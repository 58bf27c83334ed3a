using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

/// <summary>Converters that an assembly names for all values of a type, and attributes that stand for converters.</summary>
public sealed class ConverterTests
{
    public static TheoryData<string, string, string> Refused => new()
    {
        {
            "FES0009",
            "[Event] public sealed record Placed { [Crossed] public int A { get; init; } }" + Crossed,
            "[Crossed] on 'Placed.A' is not supported: the generated JSON would not follow it"
        },
        {
            "FES0009",
            "[Event] public sealed class Placed { [JsonInclude, Crossed] private int _a = 1; }" + Crossed,
            "[Crossed] on 'Placed._a'"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Line Line); [Crossed] public sealed record Line(int A);" + Crossed,
            "'Placed.Line' of type 'Line' cannot be stored: [Crossed] is not supported; name the converter in [JsonConverter] itself"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Kind Kind); [Crossed] public enum Kind { A }" + Crossed,
            "[Crossed] is not supported"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Tags Tags); [Crossed] public sealed class Tags : List<string>;" + Crossed,
            "[Crossed] is not supported"
        },
        { "FES0004", "[Event, Crossed] public sealed record Placed(int A);" + Crossed, "[Crossed] is not supported" },
        {
            "FES0009",
            "[Event] public sealed record Placed { [Named] public int A { get; init; } }" + Named,
            "[Named] on 'Placed.A' is not supported: the generated JSON would not follow it"
        },
        {
            "FES0009",
            "[Event] public sealed class Placed { [JsonInclude, Named] private int _a = 1; }" + Named,
            "[Named] on 'Placed._a' is not supported"
        },
        {
            "FES0009",
            "[Document] public sealed record Held(Guid Id) { [Named] public int A { get; init; } }" + Named,
            "[Named] on 'Held.A' is not supported"
        },
        {
            "FES0009",
            "[Event] public sealed record Placed { [Other] public int A { get; init; } } public sealed class OtherAttribute : "
                + "NamedAttribute;"
                + Named,
            "[Other] on 'Placed.A' is not supported"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Line Line); [Named] public sealed record Line(int A);" + Named,
            "[Named] is not supported; name the converter in [JsonConverter] itself"
        },
        { "FES0004", "[Event, Named] public sealed record Placed(int A);" + Named, "[Named] is not supported" },
        {
            "FES0009",
            "[assembly: UseConverter(typeof(int[]))] [Event] public sealed record Placed(int A);",
            "[UseConverter] on 'Shop' is not supported: it does not name a converter"
        },
        {
            "FES0009",
            "[assembly: UseConverter(typeof(string))] [Event] public sealed record Placed(int A);",
            "'string' is not a JsonConverter<T>"
        },
        {
            "FES0009",
            "[assembly: UseConverter(typeof(C<>))] [Event] public sealed record Placed(int A); public abstract class C<T> : "
                + "JsonConverter<T>;",
            "it does not name a converter"
        },
        {
            "FES0009",
            "[assembly: UseConverter(typeof(C))] [Event] public sealed record Placed(int A); public abstract class C : JsonConverter<int>;",
            "'C' is abstract"
        },
        {
            "FES0009",
            "[assembly: UseConverter(typeof(C))] [Event] public sealed record Placed(int A);" + Converter("C", "Placed"),
            "'Placed' has a form of its own"
        },
        {
            "FES0009",
            "[assembly: UseConverter(typeof(C)), UseConverter(typeof(D))] [Event] public sealed record Placed(int A);"
                + Converter("C", "int")
                + Converter("D", "int"),
            "'C' converts 'int' already"
        },
    };

    private const string Crossed = """

        [AttributeUsage(AttributeTargets.All)] public sealed class CrossedAttribute : JsonConverterAttribute
        {
            public override JsonConverter? CreateConverter(Type typeToConvert) => null;
        }
        """;

    // Says which converter it stands for, as the attribute itself does.
    private static readonly string Named = "[AttributeUsage(AttributeTargets.All)] public class NamedAttribute() : "
        + "JsonConverterAttribute(typeof(C));"
        + Converter("C", "int");

    [Theory, MemberData(nameof(Refused))]
    public void What_cannot_be_followed_is_an_error(string id, string source, string message)
    {
        var diagnostics = Sources.Run(Sources.Parse(source), out _).Diagnostics;
        diagnostics.Select(Sources.Describe).ShouldHaveSingleItem().ShouldContain(message);
        diagnostics[0].Id.ShouldBe(id);
        diagnostics[0].Location.IsInSource.ShouldBeTrue();
    }

    [Fact]
    public void The_converter_of_an_assembly_converts_every_value_of_its_type_that_has_none_of_its_own() => Probe.Run("""
        [assembly: UseConverter(typeof(IdJson)), UseConverter(typeof(Cents)), UseConverter(typeof(TagsJson))]

        public readonly partial struct Id;
        public readonly partial struct Id
        {
            private readonly int _number;
            public Id(int number) => _number = number;
            public int ToNumber() => _number;
        }
        public sealed class Tags : List<string> { public string Owner { get; set; } = ""; }
        [Event] public sealed record Placed(
            Id First,
            Id? Second,
            List<Id> All,
            Dictionary<string, Id?> Named,
            decimal Price,
            [property: JsonConverter(typeof(Plain))] decimal Plain,
            Tags Tags);
        [Document] public sealed record Held(Guid Id, Id Other);

        public sealed class IdJson : JsonConverter<Id>
        {
            public override Id Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                new(int.Parse(reader.GetString()!));
            public override void Write(System.Text.Json.Utf8JsonWriter writer, Id value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteStringValue(value.ToNumber().ToString());
        }
        public class Cents : JsonConverter<decimal>
        {
            public override decimal Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                reader.GetInt32() / 100m;
            public override void Write(
                System.Text.Json.Utf8JsonWriter writer, decimal value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteNumberValue((int)(value * 100));
        }
        public sealed class Plain : JsonConverter<decimal>
        {
            public override decimal Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                reader.GetDecimal();
            public override void Write(
                System.Text.Json.Utf8JsonWriter writer, decimal value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteNumberValue(value);
        }
        public sealed class TagsJson : JsonConverter<Tags>
        {
            public override Tags Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                new() { Owner = reader.GetString()! };
            public override void Write(
                System.Text.Json.Utf8JsonWriter writer, Tags value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteStringValue(value.Owner);
        }
        public static class Test
        {
            public static string Run() =>
                Json.Again<Placed, FluentEventStore.Generated.PlacedJson>(
                    "{\"first\":\"1\",\"second\":null,\"all\":[\"2\"],\"named\":{\"a\":\"3\",\"b\":null},\"price\":150,"
                        + "\"plain\":1.5,\"tags\":\"me\"}")
                + Json.Again<Held, FluentEventStore.Generated.HeldDocument>(
                    "{\"id\":\"00000000-0000-0000-0000-000000000000\",\"other\":\"4\"}");
        }
        """).ShouldBe(
            """{"first":"1","second":null,"all":["2"],"named":{"a":"3","b":null},"price":150,"plain":1.5,"tags":"me"}"""
                + """{"id":"00000000-0000-0000-0000-000000000000","other":"4"}""");

    [Fact]
    public void A_converter_that_handles_null_is_asked_for_it_and_no_other() => Probe.Run("""
        public sealed class Asked : JsonConverter<string>
        {
            public override bool HandleNull => true;
            public override string? Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                reader.GetString() ?? "none";
            public override void Write(
                System.Text.Json.Utf8JsonWriter writer, string? value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteStringValue(value ?? "nothing");
        }
        public sealed class Left : JsonConverter<string>
        {
            public override string Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                reader.GetString()!;
            public override void Write(
                System.Text.Json.Utf8JsonWriter writer, string value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteStringValue(value);
        }
        public sealed class Number : JsonConverter<int>
        {
            public override bool HandleNull => true;
            public override int Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                reader.TokenType == System.Text.Json.JsonTokenType.Null ? -1 : reader.GetInt32();
            public override void Write(System.Text.Json.Utf8JsonWriter writer, int value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteNumberValue(value);
        }
        [Event] public sealed record Placed(
            [property: JsonConverter(typeof(Asked))] string? A,
            [property: JsonConverter(typeof(Asked))] string B,
            [property: JsonConverter(typeof(Left))] string? C,
            [property: JsonConverter(typeof(Number))] int? D,
            [property: JsonConverter(typeof(Number))] int E);
        public static class Test
        {
            public static string Run()
            {
                var read = Json.Read<Placed, FluentEventStore.Generated.PlacedJson>(
                    "{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":null}");
                return $"{read} {Json.Write<Placed, FluentEventStore.Generated.PlacedJson>(new(null, "b", null, null, 1))}";
            }
        }
        """).ShouldBe("""Placed { A = none, B = none, C = , D = -1, E = -1 } {"a":"nothing","b":"b","c":null,"d":null,"e":1}""");

    private static string Converter(string name, string type) => $$"""

        public sealed class {{name}} : JsonConverter<{{type}}>
        {
            public override {{type}} Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                throw new NotSupportedException();
            public override void Write(
                System.Text.Json.Utf8JsonWriter writer, {{type}} value, System.Text.Json.JsonSerializerOptions options) =>
                throw new NotSupportedException();
        }
        """;

    [Theory]
    [InlineData("int", "reader.GetInt32()", false, "new(0)", "C wrote null for a value of type Int32, but null is not read back as one.")]
    [InlineData("int?", "reader.GetInt32()", false, "new(0)", "C wrote null for a value of type Int32, but null is not read back as one.")]
    [InlineData(
        "int?",
        "reader.TokenType == System.Text.Json.JsonTokenType.Null ? 0 : 1",
        false,
        "new(0)",
        "C wrote null for a value of type Int32, but null is not read back as one.")]
    [InlineData("int", "reader.TokenType == System.Text.Json.JsonTokenType.Null ? 0 : 1", false, "new(0)", "{\"a\":null} 0")]
    [InlineData("int?", "reader.TokenType == System.Text.Json.JsonTokenType.Null ? 0 : 1", true, "new(0)", "{\"a\":null} 0")]
    [InlineData(
        "List<int>", "reader.GetInt32()", false, "new([0])", "C wrote null for a value of type Int32, but null is not read back as one.")]
    [InlineData(
        "string", "reader.GetString()!", false, "new(\"\")", "C wrote null for a value of type String, but null is not read back as one.")]
    [InlineData(
        "string?", "reader.GetString()!", false, "new(\"\")", "C wrote null for a value of type String, but null is not read back as one.")]
    [InlineData("string?", "reader.GetString() ?? \"none\"", true, "new(\"\")", "{\"a\":null} none")]
    public void A_value_that_a_converter_writes_as_null_is_refused_unless_null_is_read_as_a_value(
        string type, string read, bool handlesNull, string value, string written)
    {
        var converted = type.Contains("int", StringComparison.Ordinal) ? "int" : "string";
        Probe.Run($$"""
            [assembly: UseConverter(typeof(C))]
            public sealed class C : JsonConverter<{{converted}}>
            {
                {{(handlesNull ? "public override bool HandleNull => true;" : "")}}
                public override {{converted}} Read(
                    ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                    {{read}};
                public override void Write(
                    System.Text.Json.Utf8JsonWriter writer, {{converted}} value, System.Text.Json.JsonSerializerOptions options) =>
                    writer.WriteNullValue();
            }
            [Event] public sealed record E({{type}} A);
            public static class Test
            {
                public static string Run()
                {
                    try
                    {
                        var json = Json.Write<E, FluentEventStore.Generated.EJson>({{value}});
                        return $"{json} {Json.Read<E, FluentEventStore.Generated.EJson>(json).A}";
                    }
                    catch (System.Text.Json.JsonException refused)
                    {
                        return refused.Message;
                    }
                }
            }
            """).ShouldBe(written);
    }
}
