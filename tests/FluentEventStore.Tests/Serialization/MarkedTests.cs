using System.Text.Json;
using System.Text.Json.Serialization;

namespace FluentEventStore.Tests.Serialization;

public sealed class MarkedTests
{
    private static readonly JsonSerializerOptions WebDefaults = new(JsonSerializerDefaults.Web)
    {
        AllowOutOfOrderMetadataProperties = true
    };

    [Fact]
    public void Random_values_of_marked_properties_are_read_by_either_as_the_other_wrote_them()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var values = new RandomMarked(new Random(seed));
        for (var round = 0; round < 2_000; round++)
        {
            var value = values.Next();
            var ours = Json.Write(value);
            var theirs = JsonSerializer.Serialize(value, WebDefaults);

            JsonElement.DeepEquals(JsonElement.Parse(ours), JsonElement.Parse(theirs)).ShouldBeTrue($"{ours}\n{theirs}");
            Json.Write(Json.Read<Marked>(theirs)).ShouldBe(ours);
            Json.Write(JsonSerializer.Deserialize<Marked>(ours, WebDefaults)!).ShouldBe(ours);
            Json.Read<Marked>(ours).Shown().ShouldBe(value.Shown());
        }
    }

    [Fact]
    public void Random_values_of_fields_are_read_by_either_as_the_other_wrote_them()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var values = new RandomMarked(new Random(seed));
        for (var round = 0; round < 500; round++)
        {
            var value = values.Fielded();
            var ours = Json.Write(value);
            var theirs = JsonSerializer.Serialize(value, WebDefaults);

            JsonElement.DeepEquals(JsonElement.Parse(ours), JsonElement.Parse(theirs)).ShouldBeTrue($"{ours}\n{theirs}");
            foreach (var read in (Fielded[])[Json.Read<Fielded>(theirs), JsonSerializer.Deserialize<Fielded>(ours, WebDefaults)!])
            {
                Json.Write(read).ShouldBe(ours);
                (read.Shown(), read.Kept(), read.Corner.Y()).ShouldBe((value.Shown(), value.Kept(), value.Corner.Y()));
            }
        }
    }

    [Fact]
    public void A_field_that_the_JSON_lacks_keeps_what_its_initializer_or_the_constructor_gave_it()
    {
        Json.Read<Fielded>("""{"number":1,"corner":{}}""").Amount.ShouldBe(1.5m);
        Should.Throw<JsonException>(() => Json.Read<Fielded>("""{"number":1}""")).Message.ShouldContain("'corner'");

        var json = $$"""{"id":"{{Guid.Empty}}","text":"t"}""";
        JsonSerializer.Serialize(Json.Read<FieldedByConstructor>(json), WebDefaults).ShouldBe(json);
        Json.Read<FieldedByConstructor>(json.Replace(",\"text\":\"t\"", "", StringComparison.Ordinal)).Text.ShouldBe("none");
    }

    [Fact]
    public void An_enum_of_numbers_is_a_number_as_a_value_and_its_name_as_a_key()
    {
        var leveled = new Leveled(Level.High, null, new() { [Level.Low] = [Level.High, (Level)3] });

        Json.Write(leveled).ShouldBe("""{"level":7,"optional":null,"byLevel":{"Low":[7,3]}}""");
        JsonSerializer.Serialize(leveled, WebDefaults).ShouldBe(Json.Write(leveled));
        Json.Write(Json.Read<Leveled>(Json.Write(leveled))).ShouldBe(Json.Write(leveled));
        Should.Throw<JsonException>(() => Json.Read<Leveled>("""{"level":"High","byLevel":{}}"""));
        Should.Throw<JsonException>(() => Json.Read<Leveled>("""{"level":40000,"byLevel":{}}"""));
    }

    [Theory]
    [InlineData("\"12\"", 12)]
    [InlineData("\"-7\"", -7)]
    [InlineData("5", 5)]
    [InlineData("\"1e1\"", null)]
    [InlineData("\" 1\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"2147483648\"", null)]
    [InlineData("null", null)]
    [InlineData("[1]", null)]
    public void A_number_as_a_string_is_read_where_it_is_one(string json, int? expected)
    {
        AllAsText Read() => Json.Read<AllAsTextHeld>($$$"""{"held":{"number":{{{json}}},"text":"","plain":1,"items":[]}}""").Held;
        if (expected is { } number)
            Read().Number.ShouldBe(number);
        else
            Should.Throw<JsonException>(Read);
    }

    [Theory]
    [InlineData("\"NaN\"", double.NaN)]
    [InlineData("\"Infinity\"", double.PositiveInfinity)]
    [InlineData("\"-Infinity\"", double.NegativeInfinity)]
    [InlineData("\"1.5E3\"", 1500.0)]
    [InlineData("\"1e999\"", null)]
    [InlineData("\"infinite\"", null)]
    public void The_names_of_numbers_that_JSON_lacks_are_read(string json, double? expected)
    {
        double Read() => Json.Read<NamedHeld>($$"""{"number":{{json}}}""").Number;
        if (expected is { } number)
            Read().ShouldBe(number);
        else
            Should.Throw<JsonException>(() => Read());
    }

    [Fact]
    public void A_number_that_could_not_be_written_is_not_read_by_its_name_either() =>
        Should.Throw<JsonException>(() => Json.Read<LenientHeld>("""{"number":"NaN"}"""));

    [Fact]
    public void The_discriminator_may_be_anywhere_in_the_object()
    {
        Read("""{"amount":1,"number":"4","$type":"card"}""").ShouldBe(new CardPayment(1, "4"));
        Read("""{"x":{"$type":"cash"},"$type":"card","amount":1,"number":"4"}""").ShouldBe(new CardPayment(1, "4"));
        Json.Read<PaymentHeld>("""{"payment":null}""").Payment.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"amount":1,"number":"4"}""", "The property '$type', which names the kind of Payment, is missing.")]
    [InlineData("""{"$type":"cheque","amount":1}""", "'cheque' is not a Payment that [JsonDerivedType] lists.")]
    [InlineData("""{"$type":7,"amount":1}""", "'7' is not a Payment that [JsonDerivedType] lists.")]
    [InlineData("""{"$type":null,"amount":1}""", "null was found where a value of type name of a Payment is expected.")]
    [InlineData("""{"$type":{},"amount":1}""", "A JSON object cannot be read as name of a Payment.")]
    [InlineData("[]", "A JSON array cannot be read as Payment.")]
    public void A_value_that_does_not_say_which_listed_type_it_is_is_refused(string json, string message) =>
        Should.Throw<JsonException>(() => Read(json)).Message.ShouldBe(message);

    [Fact]
    public void A_value_of_a_type_that_is_not_listed_is_refused() =>
        Should.Throw<JsonException>(() => Json.Write(new PaymentHeld(new Unlisted(1)))).Message
            .ShouldBe("Unlisted is not a Payment that [JsonDerivedType] lists.");

    [Fact]
    public void A_base_type_that_says_so_takes_what_it_does_not_know()
    {
        Json.Read<FigureHeld>("""{"figure":{"$type":"later","sides":3}}""").Figure.ShouldBe(new Figure(3));
        Json.Write(new FigureHeld(new Odd(5, "x"))).ShouldBe("""{"figure":{"sides":5}}""");
        Json.Write(new FigureHeld(new Square(2))).ShouldBe("""{"figure":{"$type":-4,"side":2,"sides":4}}""");
    }

    [Fact]
    public void Typed_ids_over_numbers_are_their_value_as_properties_and_keys()
    {
        var ticketed = new Ticketed(new TicketId(long.MaxValue), new SeatId(-3), new() { [new SeatId(4)] = new TicketId(5) });
        var json = """{"ticket":9223372036854775807,"seat":-3,"bySeat":{"4":5}}""";

        Json.Write(ticketed).ShouldBe(json);
        Json.Write(Json.Read<Ticketed>(json)).ShouldBe(json);
        ((StreamId)new TicketId(-12)).Value.ShouldBe("-12");
        ((DocumentId)new SeatId(12)).ShouldBe((DocumentId)12);
    }

    private static Payment? Read(string json) => Json.Read<PaymentHeld>($$"""{"payment":{{json}}}""").Payment;

    private sealed record Unlisted(decimal Amount) : Payment(Amount);
}

[Event]
public sealed record AllAsTextHeld(AllAsText Held);

[Event]
public sealed record NamedHeld([property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Number);

[Event]
public sealed record LenientHeld([property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] double Number);

[Event]
public sealed record PaymentHeld(Payment? Payment);

[Event]
public sealed record FigureHeld(Figure Figure);

[JsonPolymorphic(
    IgnoreUnrecognizedTypeDiscriminators = true, UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType)]
[JsonDerivedType(typeof(Square), -4)]
public record Figure(int Sides);

public sealed record Square(int Side) : Figure(4);

public sealed record Odd(int Sides, string Name) : Figure(Sides);
