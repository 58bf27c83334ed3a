using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

public sealed class EnumNameTests
{
    public static TheoryData<string, string, string> Refused => new()
    {
        {
            "FES0009",
            Flags("read, all"),
            "[JsonStringEnumMemberName] on 'Rights.Read' is not supported: flags are written with commas between them, "
                + "so a name must not hold a comma"
        },
        { "FES0009", Flags(" read"), "a name must not begin or end with one" },
        { "FES0009", Flags("read\\u00a0"), "a name must not begin or end with one" },
        { "FES0009", Flags("1"), "a value without a name is written as its number, so a name must not be a number" },
        { "FES0009", Flags("-1").Replace("[Flags]", ""), "so a name must not be a number" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void A_name_that_could_not_be_told_from_others_is_an_error(string id, string source, string message)
    {
        var diagnostics = Sources.Run(Sources.Parse(source), out _).Diagnostics;
        diagnostics.Select(Sources.Describe).ShouldHaveSingleItem().ShouldContain(message);
        diagnostics[0].Id.ShouldBe(id);
    }

    [Fact]
    public void Other_odd_names_are_read_again_alone_and_together() => Probe.Run("""
        [Flags] public enum Rights { None, [JsonStringEnumMemberName("read it")] Read = 1, [JsonStringEnumMemberName("w-2\"")] Write = 2 }
        public enum Kind { [JsonStringEnumMemberName("a, b ")] Both }
        [Event] public sealed record Given(List<Rights> Rights, Kind Kind);
        public static class Test
        {
            public static string Run() =>
                Json.Again<Given, FluentEventStore.Generated.GivenJson>("{\"rights\":[\"read it\",3,0,4],\"kind\":\"a, b \"}");
        }
        """).ShouldBe("""{"rights":["read it","read it, w-2\"","None",4],"kind":"a, b "}""");

    private static string Flags(string name) =>
        """[Event] public sealed record Given(Rights Rights); """
            + $$"""[Flags] public enum Rights { None, [JsonStringEnumMemberName("{{name}}")] Read = 1, Write = 2 }""";
}
