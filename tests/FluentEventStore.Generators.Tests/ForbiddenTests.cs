using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

/// <summary>Generated code names nothing that is obsolete as an error: no pragma allows that.</summary>
public sealed class ForbiddenTests
{
    private const string Forbidden = "[Obsolete(\"x\", true)]";

    public static TheoryData<string, string, string> Refused => new()
    {
        {
            "FES0004",
            $"{Forbidden} public static class Outer {{ [Event] public sealed record Placed(int A); }}",
            "it, a type around it or one of its arguments is obsolete as an error"
        },
        {
            "FES0004",
            $"[assembly: ClosedEvent(typeof(Placed<Old>))] [Event] public sealed record Placed<T>(int A); {Forbidden} public sealed "
                + "record Old;",
            "it, a type around it or one of its arguments is obsolete as an error"
        },
        {
            "FES0005",
            $"[Event] public sealed class Placed {{ public int A {{ {Forbidden} get; set; }} }}",
            "its getter is obsolete as an error"
        },
        {
            "FES0005",
            $"[Event] public sealed class Placed {{ public required int A {{ get; {Forbidden} init; }} }}",
            "it is required, and its setter is obsolete as an error"
        },
        {
            "FES0006",
            $"[Event] public sealed class Placed {{ {Forbidden} public Placed() {{ }} public int A {{ get; set; }} }}",
            "it has no public constructor that is not obsolete as an error"
        },
        {
            "FES0006",
            $"[Event] public sealed class Placed {{ [JsonConstructor] {Forbidden} public Placed() {{ }} public int A {{ get; set; }} }}",
            "the constructor marked with [JsonConstructor] is obsolete as an error"
        },
        {
            "FES0014",
            "[Event] public sealed record Placed; "
                + $"[Aggregate] public sealed partial class Order {{ {Forbidden} public void Apply(Placed e) {{ }} }}",
            "'Order.Apply(Placed)' cannot be called: it is obsolete as an error"
        },
        {
            "FES0014",
            $"[Aggregate] public sealed partial class Order {{ [Obsolete] public void Apply(Old e) {{ }} }} {Forbidden} "
                + "public interface Old;",
            "'Old' is obsolete as an error"
        },
        {
            "FES0014",
            "[Event] public sealed record Placed; "
                + $"[EventHandler] public sealed partial class Mailer {{ {Forbidden} void Handle(Placed e) {{ }} }}",
            "it is obsolete as an error"
        },
        {
            "FES0014",
            "[Event] public sealed record Placed; "
                + $"[Decider] public static partial class D {{ static int Initial => 0; {Forbidden} "
                + "static Placed Decide(string c) => new(); static int Evolve(int s, Placed e) => s; }",
            "it is obsolete as an error"
        },
        {
            "FES0025",
            "[Event] public sealed record Placed; "
                + $"[Decider] public static partial class D {{ {Forbidden} static int Initial => 0; "
                + "static Placed Decide(string c) => new(); static int Evolve(int s, Placed e) => s; }",
            "it has no property Initial"
        },
        {
            "FES0017",
            "[Event(\"x\", Version = 2)] public sealed record New; "
                + $"public static class Up {{ [Upcaster(\"x\")] {Forbidden} "
                + "public static New From(System.Text.Json.JsonElement old) => new(); }",
            "it, or a type around it, is obsolete as an error"
        },
        {
            "FES0017",
            $"[Event(\"x\", Version = 2)] public sealed record New; {Forbidden} "
                + "public static class Up { [Upcaster(\"x\")] public static New From(System.Text.Json.JsonElement old) => new(); }",
            "it, or a type around it, is obsolete as an error"
        },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_generated_code_would_have_to_name_is_an_error(string id, string source, string message)
    {
        var diagnostic = Sources.Run(Sources.Parse(source), out _).Diagnostics.First();
        Sources.Describe(diagnostic).ShouldContain(message);
        diagnostic.Id.ShouldBe(id);
    }

    [Fact]
    public void Generated_code_works_without_naming_retired_enum_values_forbidden_setters_and_other_constructors() => Probe.Run($$"""
        public enum State : short { Open, {{Forbidden}} Held = -1, Paid = 2 }
        [Event] public sealed class Placed
        {
            {{Forbidden}} public Placed() { }
            public Placed(State state) => State = state;
            public State State { get; }
            public int Count { get; {{Forbidden}} set; }
        }
        public static class Test
        {
            public static string Run() => Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{\"state\":\"Held\",\"count\":3}");
        }
        """).ShouldBe("""{"state":"Held","count":3}""");

    [Fact]
    public void An_aggregate_is_not_made_by_a_constructor_that_generated_code_may_not_call() => Sources.Generate(Sources.Parse($$"""
        [Event] public sealed record Placed;
        [Aggregate] public sealed partial class Order
        {
            {{Forbidden}} public Order() { }
            private Order(int count) => Count = count;
            public int Count { get; private set; }
            public static Order Create(Placed e) => new(1);
            public void Apply(Placed e) => Count++;
        }
        """), out _);
}
