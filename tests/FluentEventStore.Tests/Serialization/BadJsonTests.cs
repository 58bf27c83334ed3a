using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentEventStore.Serialization;

namespace FluentEventStore.Tests.Serialization;

/// <summary>What a user is told of stored text that is no JSON, or that does not fit its type.</summary>
public sealed class BadJsonTests
{
    private const string Numbers = """{"double":1,"float":1,"int":1,"byte":1}""";

    [Theory]
    [InlineData("\"1\"", "double", "string")]
    [InlineData("null", "int", "null")]
    [InlineData("1e999", "double", "number")]
    [InlineData("256", "byte", "number")]
    [InlineData("-1", "byte", "number")]
    [InlineData("1.5", "int", "number")]
    [InlineData("99999999999", "int", "number")]
    [InlineData("[1]", "float", "array")]
    [InlineData("{\"x\":1}", "float", "object")]
    [InlineData("true", "int", "boolean")]
    public void A_number_of_another_kind_or_range_is_refused_with_its_path(string value, string name, string kind)
    {
        var json = Numbers.Replace($"\"{name}\":1", $"\"{name}\":{value}", StringComparison.Ordinal);

        var refusal = Refuse<Numbers>(json, $"$.{name}");
        refusal.Reason.ShouldContain(kind);
        refusal.Excerpt.ShouldBe(json);
    }

    [Fact]
    public void An_error_says_which_event_it_is_and_keeps_what_it_holds_out_of_its_message()
    {
        var refusal = Refuse<AccountOpened>("""{"accountId":"no guid","owner":"Lovelace"}""", "$.accountId");

        (refusal.TypeName, refusal.TypeVersion, refusal.StreamId, refusal.Version, refusal.Position).ShouldBe(
            ("account-opened", 1, "s", 7, 70));
        refusal.Message.ShouldBe(
            "Event 7 of stream 's' (position 70, type 'account-opened' in version 1) cannot be read at $.accountId: A JSON string of this "
                + "content cannot be read as Guid.");
        refusal.ToString().ShouldNotContain("Lovelace");
    }

    [Theory]
    [InlineData("""{"text":"","colour":"Mauve"}""", "$.colour")]
    [InlineData("""{"text":"","colour":"red"}""", "$.colour")]
    [InlineData("""{"text":"","access":"Read, Fly"}""", "$.access")]
    [InlineData("""{"text":"","access":256}""", "$.access")]
    [InlineData("""{"text":"","iReadOnlyDictionary":{"Red":[],"Mauve":[]}}""", "$.iReadOnlyDictionary.Mauve")]
    [InlineData("""{"text":"","lines":[{"product":"a","quantity":1},null]}""", "$.lines[1]")]
    [InlineData("""{"text":"","lines":[{"product":"a","quantity":1},{"product":"b"}]}""", "$.lines[1]")]
    [InlineData("""{"text":"","line":{"product":"a"}}""", "$.line")]
    [InlineData("""{"text":"","line":{"product":null,"quantity":1}}""", "$.line.product")]
    [InlineData("""{"text":"","hashSet":["a",null]}""", "$.hashSet[1]")]
    [InlineData("""{"text":"","byLong":{"1":[[1],[2,"x"]]}}""", "$.byLong.1[1][1]")]
    [InlineData("""{"text":"","byInt":{"one":"x"}}""", "$.byInt.one")]
    [InlineData("""{"text":"","bytes":"A==="}""", "$.bytes")]
    [InlineData("""{"text":"\ud800"}""", "$.text")]
    [InlineData("""{"text":"","\ud800":1}""", "$['\\ud800']")]
    [InlineData("""{"text":"","dictionary":{"\ud800":"x"}}""", "$.dictionary['\\ud800']")]
    [InlineData("""{"int":1}""", "$")]
    [InlineData("[]", "$")]
    [InlineData("null", "$")]
    [InlineData("", "$")]
    [InlineData("/*x*/{\"text\":\"\"}", "$")]
    [InlineData("{\"text\":/*x*/\"\"}", "$.text")]
    [InlineData("{\"text\":\"\",//x\n\"int\":1}", "$")]
    [InlineData("{\"text\":\"\",\"unknown\":{/*x*/}}", "$.unknown")]
    [InlineData("{\"text\":\"\",}", "$")]
    [InlineData("\uFEFF{\"text\":\"\"}", "$")]
    public void Whatever_does_not_fit_is_refused_where_it_stands(string json, string path) => Refuse<Everything>(json, path);

    [Fact]
    public void A_text_that_is_cut_off_anywhere_is_refused()
    {
        var json = StoredEvents.Write(Samples.Full());
        for (var length = 0; length < json.Length; length++)
            Should.Throw<EventSerializationException>(() => StoredEvents.Read<Everything>(json[..length])).Excerpt.Length
                .ShouldBeLessThanOrEqualTo(200);
    }

    [Fact]
    public void Of_two_properties_of_one_name_the_last_one_counts() =>
        StoredEvents.Read<AccountClosed>("""{"reason":"a","x":1,"reason":"b","x":2}""").Reason.ShouldBe("b");

    [Theory]
    [InlineData("{\"children\":[", "]}", "$.children[0].children[0]")]
    [InlineData("{\"children\":[],\"unknown\":", "}", "$.unknown.unknown")]
    [InlineData("[", "]", "$")]
    public void Nesting_of_a_thousand_levels_is_refused_in_whatever_property(string before, string after, string path)
    {
        var json = string.Concat(Enumerable.Repeat(before, 1000)) + string.Concat(Enumerable.Repeat(after, 1000));

        var refusal = Should.Throw<EventSerializationException>(() => StoredEvents.Read<Tree>(json));
        refusal.Path.ShouldStartWith(path);
        refusal.Excerpt.Length.ShouldBeLessThanOrEqualTo(200);
        Should.Throw<EventSerializationException>(() => StoredEvents.Read<Extended>($$"""{"number":1,"rest":{{json}}}""")).Path
            .ShouldStartWith("$.rest");
    }

    [Fact]
    public void Texts_of_fifty_megabytes_leave_errors_short()
    {
        var text = new string('x', 50_000_000);

        StoredEvents.Read<AccountClosed>($$"""{"reason":"{{text}}"}""").Reason.Length.ShouldBe(text.Length);
        foreach (var json in (string[])[
            $$"""{"amount":"{{text}}"}""",
            $$"""{"amount":1,"{{text}}":{"x"} }""",
            $$"""{"amount":1,"x":"{{text}}"""
        ])
        {
            var refusal = Should.Throw<EventSerializationException>(() => StoredEvents.Read<MoneyDeposited>(json));
            refusal.Excerpt.Length.ShouldBeLessThanOrEqualTo(200);
            refusal.Message.Length.ShouldBeLessThan(1_000);
        }
    }

    [Fact]
    public void An_excerpt_shows_both_sides_and_cuts_no_character()
    {
        for (var shift = 0; shift < 8; shift++)
        {
            var json =
                $$"""{"{{new string('x', shift)}}":"{{string.Concat(Enumerable.Repeat("ß🦆", 100))}}","amount":null"""
                + $$""","y":"{{string.Concat(Enumerable.Repeat("🦆", 100))}}"}""";

            var excerpt = Refuse<MoneyDeposited>(json, "$.amount").Excerpt;
            excerpt.ShouldContain("\"amount\":null");
            excerpt.ShouldStartWith("…");
            excerpt.ShouldEndWith("🦆…");
            excerpt.ShouldNotContain('\uFFFD');
            excerpt.Length.ShouldBeLessThanOrEqualTo(200);
            Encoding.UTF8.GetByteCount(excerpt).ShouldBeGreaterThan(150);
        }
    }

    [Fact]
    public void What_is_not_even_UTF_8_is_shown_as_far_as_it_is()
    {
        byte[] json = [.. "{\"reason\":\""u8, .. Enumerable.Repeat((byte)0x80, 1000), .. "\"}"u8];

        var refusal = Should.Throw<EventSerializationException>(() => StoredEvents.Read(Json.TypeOf(typeof(AccountClosed)), json));
        refusal.Path.ShouldBe("$.reason");
        refusal.Excerpt.ShouldStartWith("{\"reason\":\"\uFFFD");
        refusal.Excerpt.Length.ShouldBeLessThanOrEqualTo(200);
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("{\"a\":{}}")]
    public void A_converter_that_stops_midway_or_goes_on_is_refused(string value)
    {
        Refuse<Misread>($$"""{"greedy":{{value}},"lazy":"x"}""", "$.greedy").Reason.ShouldContain("too much or too little");
        Should.Throw<EventSerializationException>(() => StoredEvents.Read<Misread>($$"""{"lazy":{{value}},"greedy":"x"}""")).Reason
            .ShouldContain("too much or too little");
        StoredEvents.Read<Misread>("""{"lazy":"x","greedy":"y"}""").ShouldBe(new Misread("", ""));
    }

    [Fact]
    public void What_a_converter_or_constructor_throws_is_the_inner_exception()
    {
        Refuse<Converted>("""{"price":"x EUR","others":[],"name":"a"}""", "$.price").InnerException.ShouldBeOfType<FormatException>();
        Refuse<Fuzzing.TemperatureTaken>("""{"place":"attic","kelvin":-1}""", "$").InnerException
            .ShouldBeOfType<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void An_upcaster_that_throws_is_reported_with_the_JSON_that_it_took()
    {
        Refuse("temperature-taken", 1, """{"place":"attic","fahrenheit":"hot"}""").Reason.ShouldContain("FromFahrenheit");
        Refuse("temperature-taken", 2, """{"place":"attic","celsius":-300}""").Reason.ShouldContain("FromCelsius");

        static EventSerializationException Refuse(string name, int version, string json)
        {
            EventCatalog.TryGet(name, version, out var type).ShouldBeTrue();
            var refusal = Should.Throw<EventSerializationException>(() => StoredEvents.Read(type!, Encoding.UTF8.GetBytes(json)));
            (refusal.TypeVersion, refusal.Version, refusal.Path, refusal.Excerpt).ShouldBe((version, 7, "$", json));
            refusal.InnerException.ShouldNotBeOfType<EventSerializationException>();
            return refusal;
        }
    }

    private static EventSerializationException Refuse<T>(string json, string path)
    {
        var refusal = Should.Throw<EventSerializationException>(() => StoredEvents.Read<T>(json));
        refusal.Path.ShouldBe(path);
        return refusal;
    }
}

/// <summary>Converters that do not end on the last token of their value unless it is a single one.</summary>
[Event]
public sealed record Misread(
    [property: JsonConverter(typeof(LazyConverter))] string Lazy, [property: JsonConverter(typeof(GreedyConverter))] string Greedy);

public sealed class LazyConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => "";

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

public sealed class GreedyConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        if (reader.TokenType != JsonTokenType.String)
            reader.Read();

        return "";
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
