using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

/// <summary>The natural key that events set, told by the compiled dispatch itself, and what cannot say one.</summary>
public sealed class NaturalKeyTests
{
    public static TheoryData<string, string, string> Refused => new()
    {
        { "FES0070", Order("[NaturalKey] public string Of(Placed e) => e.Number;"), "it must be static" },
        { "FES0070", Order("[NaturalKey] public static string Of(string number) => number;"), "'string' is not marked with [Event]" },
        { "FES0070", Order("[NaturalKey] public static string Of() => \"a\";"), "it must take exactly one event" },
        { "FES0070", Order("[NaturalKey] public static string Of(Placed e, Moved other) => e.Number;"), "it must take exactly one event" },
        { "FES0070", Order("[NaturalKey] public static string Of(IEvent e) => \"a\";"), "it cannot take 'FluentEventStore.IEvent'" },
        { "FES0070", Order("[NaturalKey] public static string Of(Placed e, Order order) => e.Number;"), "it cannot take" },
        { "FES0070", Order("[NaturalKey] public static void Of(Placed e) { }"), "it returns nothing" },
        {
            "FES0070",
            Order("[NaturalKey] public static async System.Threading.Tasks.Task<string> Of(Placed e) => await Text; "
                + "private static System.Threading.Tasks.Task<string> Text => null!;"),
            "it is asynchronous"
        },
        { "FES0070", Order("[NaturalKey] public static decimal Of(Placed e) => 1m;"), "'decimal' cannot be a key" },
        { "FES0070", Order("[NaturalKey] public static Pair Of(Placed e) => default;"), "'Pair' cannot be a key" },
        {
            "FES0070",
            Order("[NaturalKey] public static string Of(Placed e) => e.Number; [NaturalKey] public static int Of(Moved e) => 1;"),
            "returns 'int': all methods of 'Order' return one type"
        },
        {
            "FES0070",
            Order("[NaturalKey] public static string Of(Placed e) => e.Number; [NaturalKey] public static string Too(Placed e) => \"\";"),
            "there is another Too for 'Placed'"
        },
        { "FES0070", Order("[NaturalKey] public static string Of(Joined e) => e.Email;"), "'Joined.Email' is personal data" },
        { "FES0070", Order("[NaturalKey] public static string Of(IEvent<Joined> e) => e.Data.Email;"), "'Joined.Email' is personal data" },
        {
            "FES0070",
            Order("[NaturalKey] private static Hidden Of(Placed e) => default; private readonly record struct Hidden(int A);"),
            "is private"
        },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_cannot_say_a_key_is_an_error_that_says_why(string id, string source, string message)
    {
        var diagnostics = Sources.Run(Sources.Parse(source), out _).Diagnostics;
        diagnostics.Select(Sources.Describe).ShouldHaveSingleItem().ShouldContain(message);
        diagnostics[0].Id.ShouldBe(id);
    }

    [Theory]
    [InlineData("string", "\"a\"", "a")]
    [InlineData("string?", "null", "-")]
    [InlineData("int", "-7", "-7")]
    [InlineData("long?", "7", "7")]
    [InlineData("long?", "null", "-")]
    [InlineData("Guid", "new Guid(\"AAAAAAAA-0000-0000-0000-000000000001\")", "aaaaaaaa-0000-0000-0000-000000000001")]
    [InlineData("Text", "new Text(\"b\")", "b")]
    [InlineData("Text?", "null", "-")]
    [InlineData("Number", "new Number(5)", "5")]
    [InlineData("Number?", "new Number(6)", "6")]
    public void A_key_of_each_type_is_told_as_it_is_stored(string type, string value, string expected) =>
        Keys($"[NaturalKey] public static {type} Of(Seeded e) => {value};").ShouldBe($"Seeded>{expected}");

    [Fact]
    public void The_method_for_the_most_derived_type_is_asked_and_other_events_set_nothing() => Keys("""
        [NaturalKey] public static string Any(Change e) => "change " + e.Text;
        [NaturalKey] private static string Of(IEvent<Watered> e, EventMetadata metadata) => e.Data.Text + metadata.TypeName;
        [NaturalKey] internal static string Of(Counted e) => e.Text;
        """).ShouldBe("Seeded>change s Watered>wwatered Counted>c");

    private static string Order(string methods) => $$"""
        [Event] public sealed record Placed(string Number);
        [Event] public sealed record Moved;
        [Event] public sealed record Joined(Guid Person, [property: PersonalData(Subject = nameof(Joined.Person))] string Email);
        public readonly record struct Pair(int A, int B);
        [Aggregate] public sealed partial record Order(Guid Id) { {{methods}} public static Order Create(Placed e) => new(Guid.Empty); }
        """;

    private static string Keys(string methods) => Probe.Run(DispatchTests.Events + $$"""
        public readonly record struct Text(string Value);
        public record struct Number(int Value);
        [Aggregate] public sealed partial record Plant(string Name)
        {
            public static Plant Create(Seeded e) => new(e.Text);
        {{methods}}
        }
        public static class Test
        {
            public static string Run() => string.Join(
                " ",
                Given.Events()
                    .Where(e => Plant.GeneratedNaturalKey.TryGetKey(e, out _))
                    .Select(e => $"{e.Data.GetType().Name}>{(Plant.GeneratedNaturalKey.TryGetKey(e, out var key) ? key ?? "-" : "?")}"));
        }
        """);
}
