using System.Text.Json;
using System.Text.Json.Serialization;

namespace FluentEventStore.Tests.Serialization;

public sealed class EventRoundTripTests
{
    private static readonly JsonSerializerOptions WebDefaults = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() }
    };

    [Fact]
    public void A_record_is_written_in_camel_case_and_read_back()
    {
        var opened = new AccountOpened(Guid.Parse("0197a7b0-1111-7222-8333-444455556666"), "Ada", null);
        var json = Json.Write(opened);
        json.ShouldBe("""{"accountId":"0197a7b0-1111-7222-8333-444455556666","owner":"Ada","nickname":null,"currency":"EUR"}""");
        Json.Read<AccountOpened>(json).ShouldBe(opened);
    }

    [Fact]
    public void Every_supported_shape_survives_our_round_trip()
    {
        var json = Json.Write(Samples.Full());
        Json.Write(Json.Read<Everything>(json)).ShouldBe(json);
    }

    [Fact]
    public void System_Text_Json_reads_what_we_write_as_the_same_value()
    {
        var json = Json.Write(Samples.Full());
        var read = JsonSerializer.Deserialize<Everything>(json, WebDefaults)!;
        read.Rename(Samples.Full().Renamed);
        Json.Write(read).ShouldBe(json);
    }

    [Fact]
    public void We_read_what_System_Text_Json_writes_as_the_same_value()
    {
        var json = JsonSerializer.Serialize(Samples.Full(), WebDefaults);
        Json.Write(Json.Read<Everything>(json)).ShouldBe(Json.Write(Samples.Full()));
    }

    [Fact]
    public void Random_values_of_all_shapes_are_read_by_either_as_the_other_wrote_them()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var values = new RandomValues(new Random(seed));
        for (var round = 0; round < 2_000; round++)
        {
            Exchange(values.Collected());
            Exchange(values.Everything(), static (read, written) => read.Rename(written.Renamed));
        }
    }

    [Fact]
    public void Random_values_of_shapes_that_System_Text_Json_lacks_survive_our_round_trip()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var values = new RandomValues(new Random(seed));
        for (var round = 0; round < 2_000; round++)
        {
            var written = values.CollectedFurther();
            var json = Json.Write(written);
            var read = Json.Read<CollectedFurther>(json);
            ShouldBeSame(Json.Write(read), json);
            read.Stack.ShouldBe(written.Stack);
            read.ImmutableStack.ShouldBe(written.ImmutableStack);
            read.BigInteger.ShouldBe(written.BigInteger);
        }
    }

    [Fact]
    public void Unknown_properties_are_kept_where_the_type_has_a_place_for_them()
    {
        var json = """{"number":1,"twice":2,"later":{"a":[1,null]},"more":"text"}""";

        var read = Json.Read<Extended>(json);
        read.Rest!.Keys.ShouldBe(["later", "more"]);
        Json.Write(read).ShouldBe(json);
        JsonSerializer.Serialize(read, WebDefaults).ShouldBe(json);
        Json.Write(Json.Read<Extended>("""{"number":1}""")).ShouldBe("""{"number":1,"twice":2}""");
        Json.Write(Json.Read<ExtendedByConstructor>("""{"x":1}""")).ShouldBe("""{"x":1}""");
        Json.Read<ExtendedByConstructor>("{}").Rest.ShouldBeEmpty();
    }

    [Fact]
    public void A_kept_property_never_has_the_name_of_a_property_of_the_type()
    {
        var clash = new Extended(1) { Rest = new() { ["number"] = JsonElement.Parse("99") } };
        Should.Throw<JsonException>(() => Json.Write(clash)).Message.ShouldContain("'number' is kept as an unknown property");

        var vehicle = new VehicleHeld(new Bus(4, 50) { Rest = new() { ["$type"] = JsonElement.Parse("\"car\"") } });
        Should.Throw<JsonException>(() => Json.Write(vehicle)).Message.ShouldContain("'$type'");
    }

    [Fact]
    public void Converters_of_types_and_properties_are_called()
    {
        var converted = new Converted(new Money(1.5m, "EUR"), null, [new Money(2, "CHF")], "abc", "xyz");
        var json = """{"price":"1.5 EUR","discount":null,"others":["2 CHF"],"name":"cba","note":"zyx"}""";

        Json.Write(converted).ShouldBe(json);
        Json.Write(Json.Read<Converted>(json)).ShouldBe(json);
        JsonSerializer.Serialize(converted, WebDefaults).ShouldBe(json);
        Should.Throw<JsonException>(() => Json.Write(converted with { Name = "\0" })).Message.ShouldContain("U+0000");
        Should.Throw<JsonException>(() => Json.Read<Converted>(json.Replace("\"cba\"", "null", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_null_or_default_is_left_out_where_the_property_says_so()
    {
        var empty = new Sparse(null, 0, default) { Line = null };
        var full = new Sparse("n", 1, new Point(1, 2)) { Amount = 0, Line = new Line("tea", 1), Kept = "k" };

        Json.Write(empty).ShouldBe("""{"kept":""}""");
        Json.Read<Sparse>(Json.Write(empty)).ShouldBe(empty);
        Json.Read<Sparse>(Json.Write(full)).ShouldBe(full);
        Json.Read<Sparse>("{}").ShouldBe(empty);
    }

    [Fact]
    public void A_read_only_set_is_read_as_a_hash_set() =>
        Json.Read<ReadOnlySetHeld>(Json.Write(new ReadOnlySetHeld(new HashSet<int> { 3, 1 }))).Items.ShouldBe([3, 1], ignoreOrder: true);

    /// <summary>Writes with one, reads with the other, and compares what ours writes of both.</summary>
    private static void Exchange<T>(T value, Action<T, T>? complete = null)
        where T : notnull
    {
        var ours = Json.Write(value);
        var read = JsonSerializer.Deserialize<T>(ours, WebDefaults)!;
        complete?.Invoke(read, value);
        ShouldBeSame(Json.Write(read), ours);
        ShouldBeSame(Json.Write(Json.Read<T>(JsonSerializer.Serialize(value, WebDefaults))), ours);
    }

    // Some dictionaries have an order of their own, which depends on how they grew.
    private static void ShouldBeSame(string json, string expected)
    {
        using var actualDocument = JsonDocument.Parse(json);
        using var expectedDocument = JsonDocument.Parse(expected);
        if (!JsonElement.DeepEquals(actualDocument.RootElement, expectedDocument.RootElement))
            json.ShouldBe(expected);
    }
}
