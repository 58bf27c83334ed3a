using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

/// <summary>A constructor may change what it gets, and changes what is read once more.</summary>
public sealed class ParameterEffectTests
{
    [Theory]
    [InlineData("[Event] public sealed record E(int X) { public int X { get; init; } = X * 2; }", "new E(5)", "10")]
    [InlineData("[Event] public sealed record E(int X) { public int X { get; set; } = X * 2; }", "new E(5)", "10")]
    [InlineData("[Event] public sealed record E(int X) { public int X { get; init; } = X * 2; }", "new E(5) { X = 7 }", "7")]
    [InlineData("[Event] public sealed record E(int X = 3) { public int X { get; private set; } = X * 2; }", "new E(5)", "10")]
    [InlineData("public record B(int X); [Event] public sealed record E(int X, int Z) : B(X + 1);", "new E(1, 0)", "2")]
    [InlineData(
        "public record A(int X); public record B(int X) : A(X + 1); [Event] public sealed record E(int X, int Z) : B(X);",
        "new E(1, 0)",
        "2")]
    [InlineData(
        "public record B(int X) { public int X { get; init; } = X * 2; } [Event] public sealed record E(int X, int Z) : B(X);",
        "new E(1, 0)",
        "2")]
    [InlineData("[Event] public sealed class E { public E(int x) => X = x * 2; public int X { get; private set; } }", "new E(5)", "10")]
    [InlineData(
        "public abstract class B { protected B(int x) => X = x; public int X { get; protected init; } } [Event] public sealed class E : B "
            + "{ public E(int x) : base(x * 2) { } }",
        "new E(5)",
        "10")]
    [InlineData("[Event] public readonly record struct E(int X) { public int X { get; init; } = X * 2; }", "new E(5)", "10")]
    [InlineData(
        "[Event] public sealed record E(int X) { public int X { get; } = X > 0 ? X : throw new ArgumentException(); }", "new E(5)", "5")]
    public void A_value_that_a_constructor_changes_is_not_changed_twice(string source, string value, string stored) =>
        Probe.Run(source + $$"""

        public static class Test
        {
            public static string Run()
            {
                var json = Json.Write<E, FluentEventStore.Generated.EJson>({{value}});
                var read = Json.Read<E, FluentEventStore.Generated.EJson>(json);
                return Json.Write<E, FluentEventStore.Generated.EJson>(read) == json ? $"{read.X}" : json;
            }
        }
        """).ShouldBe(stored);

    [Fact]
    public void An_item_that_a_constructor_adds_is_added_once_and_a_missing_value_is_what_the_constructor_makes() => Probe.Run("""
        [Event] public sealed record E(List<int> Items, string Note = "a")
        {
            public List<int> Items { get; init; } = [.. Items, 0];
            public string Note { get; init; } = Note + "!";
        }

        public static class Test
        {
            public static string Run() =>
                Json.Again<E, FluentEventStore.Generated.EJson>("{\"items\":[1,0],\"note\":\"b!\"}")
                    + Json.Again<E, FluentEventStore.Generated.EJson>("{\"items\":[1]}");
        }
        """).ShouldBe("""{"items":[1,0],"note":"b!"}{"items":[1],"note":"a!"}""");

    [Theory]
    [InlineData("[Event] public sealed record E(int X) { public int X { get; } = X * 2; }")]
    [InlineData("[Event] public sealed class E(int x) { public int X => x * 2; }")]
    [InlineData("[Event] public sealed class E(int x) { public int X { get { return x + 1; } } }")]
    [InlineData("[Event] public sealed class E(int x) { private readonly int _x = x * 2; public int X => _x; }")]
    [InlineData("[Event] public sealed class E(string x) { public string X { get; } = $\"<{x}>\"; }")]
    [InlineData(
        "[Event] public sealed class E(string x) { public string X { get; } = Hash(x); private static string Hash(string text) => text + "
            + "text; }")]
    [InlineData("[Event] public sealed class E(IEnumerable<int> x) { public List<int> X { get; init; } = [.. x, 0]; }")]
    [InlineData("public abstract class B(int x) { public int X => x; } [Event] public sealed class E(int x) : B(x + 1);")]
    [InlineData(
        "public abstract class B { protected B(int x) => X = x; public int X { get; } } [Event] public sealed class E : B { public E(int "
            + "x) : base(x * 2) { } }")]
    public void A_value_that_would_be_changed_again_is_refused_where_it_cannot_be_set(string source)
    {
        var diagnostic = Sources.Run(Sources.Parse(source), out _).Diagnostics.ShouldHaveSingleItem();
        diagnostic.Id.ShouldBe("FES0007");
        Sources.Describe(diagnostic).ShouldContain("so it would be changed again when it is read; give the property an init accessor");
    }

    [Theory]
    [InlineData(
        "[Event] public sealed class E(string x, IReadOnlyList<int> y) { public string X { get; } = x ?? throw new "
            + "ArgumentNullException(nameof(x)); public IReadOnlyList<int> Y { get; } = [.. y]; }")]
    [InlineData(
        "[Event] public sealed class E(string x, IEnumerable<int> y) { public string X { get; } = x.Trim(); public List<int> Y { get; } = "
            + "y.ToList(); }")]
    [InlineData(
        "[Event] public sealed class E(IEnumerable<int> y) { private readonly List<int> _y = new(y); public IReadOnlyList<int> Y => "
            + "_y.AsReadOnly(); }")]
    [InlineData(
        "[Event] public sealed class E(TimeSpan x) { private readonly long _x = x.Ticks; public TimeSpan X => TimeSpan.FromTicks(_x); }")]
    public void A_change_of_a_value_that_may_be_repeated_is_not_refused(string source) => Sources.Generate(Sources.Parse(source), out _);
}
