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
    [InlineData("new([new Car(\"a\")], new Car(\"b\"), [new Car(\"c\")])", """{"cars":[{"name":"a"}],"first":{"name":"b"},"more":[{"name":"c"}]}""")]
    [InlineData("new([new Tesla(\"a\", 1)])", "A Tesla stands where a Car is stored, and would come back as one: list it in [JsonDerivedType] on Car.")]
    [InlineData("new([], new Tesla(\"a\", 1))", "A Tesla stands where a Car is stored, and would come back as one: list it in [JsonDerivedType] on Car.")]
    [InlineData("new([], null, new Garage())", "A Garage stands where a Cars is stored, and would come back as one.")]
    public void A_value_of_a_derived_type_is_refused_where_only_its_base_would_come_back(string value, string written) => Probe.Run(Cars + $$"""
        public static class Test { public static string Run() => Try.Write<Parked, FluentEventStore.Generated.ParkedJson>({{value}}); }
        """ + Try).ShouldBe(written);

    [Fact]
    public void A_base_type_that_lists_others_writes_them_as_it_says() => Probe.Run("""
        [JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType), JsonDerivedType(typeof(Car), "car"), JsonDerivedType(typeof(Tesla), "tesla")]
        public record Car(string Name);
        public record Tesla(string Name, int Range) : Car(Name);
        public sealed record Other(string Name) : Car(Name);
        [Event] public sealed record Parked(List<Car> Cars);
        public static class Test { public static string Run() => Try.Write<Parked, FluentEventStore.Generated.ParkedJson>(new([new Car("a"), new Tesla("b", 1), new Other("c")])); }
        """ + Try).ShouldBe("""{"cars":[{"$type":"car","name":"a"},{"$type":"tesla","range":1,"name":"b"},{"$type":"car","name":"c"}]}""");
}
