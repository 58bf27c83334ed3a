using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

/// <summary>Parameters of constructors whose types or defaults are not those of the properties.</summary>
public sealed class ParameterTests
{
    [Fact]
    public void A_parameter_of_another_type_takes_what_its_property_was_or_its_own_default() => Probe.Run("""
        public sealed record Line(int A);
        [Event] public sealed class OrderPlaced(IEnumerable<Line>? lines = null)
        {
            public IReadOnlyList<Line> Lines { get; } = [.. lines ?? [new Line(-1)]];
        }
        [Event] public sealed class Counted(int? count = null, long most = 5, object? note = null)
        {
            public int Count { get; } = count ?? -1;
            public int Most { get; } = (int)most;
            public string Note { get; } = (string?)note ?? "none";
        }
        [Event] public sealed class Asked(int? count, IEnumerable<int>? all)
        {
            public int Count { get; } = count ?? -1;
            public List<int>? All { get; } = all is null ? [-1] : [.. all];
        }
        public static class Test
        {
            public static string Run() => string.Join("\n",
                Json.Again<OrderPlaced, FluentEventStore.Generated.OrderPlacedJson>("{}"),
                Json.Again<OrderPlaced, FluentEventStore.Generated.OrderPlacedJson>("{\"lines\":[{\"a\":1}]}"),
                Json.Again<Counted, FluentEventStore.Generated.CountedJson>("{}"),
                Json.Again<Counted, FluentEventStore.Generated.CountedJson>("{\"count\":0,\"most\":0,\"note\":\"n\"}"),
                Json.Again<Asked, FluentEventStore.Generated.AskedJson>("{}"),
                Json.Again<Asked, FluentEventStore.Generated.AskedJson>("{\"count\":1,\"all\":[2]}"),
                Json.Again<Asked, FluentEventStore.Generated.AskedJson>("{\"count\":1,\"all\":null}"));
        }
        """).ShouldBe("""
            {"lines":[{"a":-1}]}
            {"lines":[{"a":1}]}
            {"count":-1,"most":5,"note":"none"}
            {"count":0,"most":0,"note":"n"}
            {"count":-1,"all":[-1]}
            {"count":1,"all":[2]}
            {"count":1,"all":[-1]}
            """);

    [Fact]
    public void A_required_member_of_another_type_than_its_parameter_is_set_as_its_own() => Probe.Run("""
        [Event] public sealed class Placed
        {
            public Placed(IEnumerable<int>? all = null) => All = [.. all ?? []];
            public required IReadOnlyList<int> All { get; init; }
        }
        public static class Test
        {
            public static string Run() =>
                Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{\"all\":[1]}")
                    + Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{}");
        }
        """).ShouldBe("""{"all":[1]}The property 'all' of Placed is missing.""");

    [Fact]
    public void A_date_can_be_the_default_of_a_parameter_as_in_Visual_Basic() => Probe.Run("""
        [Event] public sealed class Placed
        {
            public Placed(
                [System.Runtime.InteropServices.Optional]
                [System.Runtime.CompilerServices.DateTimeConstant(637134336000000000L)] DateTime at) => At = at;
            public DateTime At { get; }
        }
        public static class Test { public static string Run() => Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{}"); }
        """).ShouldBe("""{"at":"2020-01-01T00:00:00.0000000Z"}""");
}
