using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

/// <summary>Legal code that is easily forgotten: it compiles with what is generated, without a diagnostic.</summary>
public sealed class OddShapeTests
{
    private const string Events = """
        public interface IThing { Guid Id { get; } }
        public interface IOrder;
        [Event] public sealed record Placed(Guid Id) : IThing, IOrder;

        """;

    [Theory]
    [InlineData(
        "[Aggregate] public sealed partial record Order(Guid Id) : IThing { public static Order Create(Placed e) => new(e.Id); public "
            + "Order Apply(IThing e) => this; }")]
    [InlineData(
        "public sealed record St(Guid Id) : IThing; [Decider] public static partial class D { public static St Initial => "
            + "new(Guid.Empty); public static Placed Decide(St s, Guid c) => new(c); public static St Evolve(St s, IThing e) => s; }")]
    [InlineData(
        "[Aggregate] public sealed partial record Order(Guid Id) { public static Order Create(Placed e) => new(e.Id); public static "
            + "implicit operator Placed(Order o) => new(o.Id); }")]
    [InlineData(
        "[EventHandler] public sealed partial class H { void Handle(Placed e, IQuerySession s) { } void Handle(IOrder e, IDocumentSession "
            + "s) { } }")]
    [InlineData("[Aggregate] public partial class B { public void Apply(Placed e) { } } [Aggregate] public sealed partial class C : B;")]
    [InlineData("[EventHandler] public sealed partial class H : System.IO.StringWriter { void Handle(Placed e) { } }")]
    [InlineData(
        "public sealed record Cmd : IOrder; public sealed class S; [Decider] public static partial class D { public static S Initial => "
            + "new(); public static Placed Decide(object c) => new(default); public static Placed Decide(IOrder c) => new(default); "
            + "public static S Evolve(S s, Placed e) => s; }")]
    [InlineData(
        "[EventHandler] public sealed partial class H { void Handle(Placed e) { } private static Held<object>? Other(Held<Func<int>> x) "
            + "=> null; } [Event] public sealed record Held<T>(T V);")]
    [InlineData("[Event] public sealed class E { public int name { get; set; } public int nameCodec { get; set; } }")]
    [InlineData(
        "public sealed record Line; [Aggregate] public sealed partial record Order(Guid Id) { public static Order Create(Placed e) => "
            + "new(e.Id); public static Order Create() => new(Guid.Empty); public static Order Create(Guid id) => new(id); public static "
            + "Order Create(string text, Line line) => new(Guid.Empty); public static Order Create(List<Line> lines) => new(Guid.Empty); "
            + "public static Order Create(Line[] lines) => new(Guid.Empty); public static Order Create<T>(T id) => new(Guid.Empty); }")]
    [InlineData(
        "public enum Kind; [StreamId] public readonly partial record struct OrderId(Guid Value); [Aggregate] public sealed partial record "
            + "Order(Guid Id) { public static Order Create(Placed e) => new(e.Id); public static Order Create(OrderId id) => "
            + "new(id.Value); public static Order Create(Kind kind) => new(Guid.Empty); public static Order Create(Order other) => other; "
            + "public static Order Create(StreamId id) => new(Guid.Empty); }")]
    [InlineData(
        "public abstract class B { [JsonInclude] internal virtual int X { get; set; } [JsonInclude] protected int Y; public int Z { get; "
            + "set; } public int U { get; set; } [JsonIgnore] public object? V { get; set; } } [Event] public sealed class E : B { "
            + "internal override int X { get; set; } internal new int Y() => base.Y; private new int Z() => 1; [JsonIgnore] public new "
            + "int U { get; set; } public new string? V { get; set; } }")]
    [InlineData(
        "[StreamId] public readonly partial record struct OrderId(Guid Value) { public static implicit operator StreamId(OrderId id) => "
            + "id.Value; public static explicit operator Guid(OrderId id) => id.Value; }")]
    [InlineData(
        "[StreamId] public readonly partial record struct OrderId(int Value) { public static explicit operator DocumentId(OrderId id) => "
            + "id.Value; public static implicit operator StreamId(OrderId id) => \"o\" + id.Value; }")]
    [InlineData("[Event] public sealed class E([Tag] Guid id) { private readonly Guid id = id; public Guid Id => id; }")]
    public void It_compiles(string source) => Sources.Generate(Sources.Parse(Events + source), out _);

    [Fact]
    public void An_overridden_property_without_a_getter_is_refused_and_nothing_else_is_lost()
    {
        var result = Sources.Run(
            Sources.Parse(
                Events
                    + "public abstract record B { public virtual int X { set { } } } [Event] public sealed record E : B { public override "
                    + "int X { set { } } }"),
            out _);
        result.Diagnostics.Select(static diagnostic => diagnostic.Id).ShouldBe(["FES0005"]);
        result.GeneratedSources.ShouldContain(static source => source.HintName == "PlacedJson.g.cs");
    }

    [Fact]
    public void A_conversion_that_the_user_declared_does_not_turn_one_event_into_another() => Sources.Generate(Sources.Parse("""
        [Event] public sealed record V1(int A) { public static implicit operator V2(V1 e) => new(e.A); }
        [Event] public sealed record V2(int A);
        [Aggregate] public sealed partial class Order { public void Apply(V1 e) { } public void Apply(V2 e) { } }
        """), out _).GeneratedSources
        .Single(static source => source.HintName == "OrderDispatch.g.cs").SourceText
        .ToString()
        .ShouldContain("data is global::V1\n");

    [Fact]
    public void The_method_of_a_base_type_is_called_although_one_of_the_type_itself_would_fit() => Probe.Run(Events + """
        public abstract class Base { public string Seen = ""; public void Apply(Placed e) => Seen += "base"; }
        [Aggregate] public sealed partial class Order : Base { public void Apply(IOrder e) => Seen += "derived"; }

        [Decider] public static partial class Orders
        {
            public static Placed Decide(Guid id, Order? order) => new(id);
        }

        public static class Test
        {
            public static string Run() => Orders.Decider.Fold(new Placed(Guid.Empty))!.Seen;
        }
        """).ShouldBe("base");

    [Fact]
    public void An_override_may_return_more_than_the_method_that_it_overrides() => Probe.Run(Events + """
        public abstract record Base(string Seen)
        {
            public virtual Base? Apply(Placed e) => null;
        }
        public abstract record Middle(string Seen) : Base(Seen)
        {
            public override Middle? Apply(Placed e) => null;
        }
        [Aggregate] public sealed partial record Order(string Seen) : Middle(Seen)
        {
            public static Order Create(Moved e) => new("moved");
            public override Order Apply(Placed e) => this with { Seen = Seen + " placed" };
            public Order Apply(IOrder e) => this with { Seen = Seen + " order" };
        }
        [Event] public sealed record Moved;

        public abstract class Deciding
        {
            public abstract object Decide(Guid id);
            public abstract string? Evolve(string state, Placed e);
        }
        [Decider] public sealed partial class Ordering : Deciding
        {
            public static string Initial => "";
            public override List<Placed> Decide(Guid id) => [new(id)];
            public override string Evolve(string state, Placed e) => state + "evolved";
        }
        [Decider] public static partial class Orders { public static Placed Decide(Guid id, Order? order) => new(id); }

        public static class Test
        {
            public static string Run()
            {
                IDecider<string> decider = new Ordering();
                var decided = decider.DecideAsync(Guid.Empty, "").AsTask().Result;
                return $"{Orders.Decider.Fold(new Moved(), new Placed(Guid.Empty))!.Seen} {decider.Fold(decided)}";
            }
        }
        """).ShouldBe("moved placed evolved");

    [Fact]
    public void Fields_are_set_whatever_they_are_called_and_however_they_are_guarded() => Probe.Run("""
        [Event]
        public sealed class Placed : Numbered<List<string?>, int>
        {
            [JsonInclude] public string? @event;
            [JsonInclude] private volatile int count = 1;
            [JsonInclude] internal Kind kind;
            [JsonInclude, JsonRequired] private Size[] sizes = [];
            public override string ToString() => $"{count} {kind} {sizes.Length}";
            public enum Kind { Small, Large }
            public readonly record struct Size(int X);
        }

        public abstract class Numbered<T, TNumber> where T : class, new() where TNumber : struct
        {
            [JsonInclude] private T? items = new();
            [JsonInclude] protected TNumber? number = null;
        }

        public static class Test
        {
            public static string Run() => string.Join("\n",
                Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{\"sizes\":[]}"),
                Json.Again<Placed, FluentEventStore.Generated.PlacedJson>(
                    "{\"event\":\"e\",\"count\":2,\"kind\":\"Large\",\"sizes\":[{\"x\":1}],\"items\":[null,\"i\"],\"number\":4}"),
                Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{}"));
        }
        """).ShouldBe("""
            {"event":null,"count":1,"kind":"Small","sizes":[],"items":[],"number":null}
            {"event":"e","count":2,"kind":"Large","sizes":[{"x":1}],"items":[null,"i"],"number":4}
            The property 'sizes' of Placed is missing.
            """);
}
