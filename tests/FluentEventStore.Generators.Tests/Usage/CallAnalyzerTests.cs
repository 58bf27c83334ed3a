using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests.Usage;

public sealed class CallAnalyzerTests
{
    public static TheoryData<string, string> Bad => new()
    {
        {
            Upcast + "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public void Apply(PlacedV1 e) { } }",
            "FES0042 at Apply: 'Order.Apply(PlacedV1)' is never called: version 1 of the event 'placed' is upcast before it arrives"
        },
        {
            Upcast + "[Aggregate] public sealed partial class Order { public static Order Create(IEvent<PlacedV1> e) => new(); }",
            "FES0042 at Create: 'Order.Create(FluentEventStore.IEvent<PlacedV1>)' is never called: version 1 of the event 'placed' is "
                + "upcast before it arrives"
        },
        {
            Upcast
                + "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public bool ShouldDelete(PlacedV1 e) "
                + "=> false; }",
            "FES0042 at ShouldDelete: 'Order.ShouldDelete(PlacedV1)' is never called: version 1 of the event 'placed' is upcast before it "
                + "arrives"
        },
        {
            "[Aggregate] public sealed partial class Order : Base { public void Apply(Placed e) { } } public abstract class Base { "
                + "private void Apply(Moved e) { } }",
            "FES0042 at Apply: 'Base.Apply(Moved)' is never called: it is private, and 'Order' derives from its type"
        },
        {
            "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public static bool ShouldDelete(Placed e) => "
                + "true; }",
            "FES0042 at Apply: 'Order.Apply(Placed)' is never called: 'Order.ShouldDelete(Placed)' is always true"
        },
        {
            "[Aggregate] public sealed partial class Order { public static Order Create(Placed e) => new(); public static bool "
                + "ShouldDelete(Placed e) { return true; } }",
            "FES0042 at Create: 'Order.Create(Placed)' is never called: 'Order.ShouldDelete(Placed)' is always true"
        },
        {
            "[Aggregate] public sealed partial class Order { public static Order Create(Placed e) => new(); public void Apply(Placed e) { "
                + "} public bool ShouldDelete(Placed e) => true; }",
            "FES0042 at Apply: 'Order.Apply(Placed)' is never called: 'Order.ShouldDelete(Placed)' is always true"
        },
        {
            OpenUpcast
                + "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public void Apply(PlacedV1 e) { } }",
            "FES0042 at Apply: 'Order.Apply(PlacedV1)' is never called: version 1 of the event 'placed' is upcast before it arrives"
        },
        {
            OpenUpcast + """
            [Event("special")] public sealed record Special : PlacedV1;
            public static class More { [Upcaster] public static Placed Upcast(Special old) => new(); }
            [Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public void Apply(PlacedV1 e) { } }
            """,
            "FES0042 at Apply: 'Order.Apply(PlacedV1)' is never called: version 1 of the event 'placed' is upcast before it arrives"
        },
        {
            "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public void Apply(Deposited e) { } } public "
                + "record Deposited(int Amount);",
            "FES0042 at Apply: 'Order.Apply(Deposited)' is never called: 'Deposited' is not an event, and no event derives from it; mark "
                + "it or the types that it stands for with [Event]"
        },
        {
            "[Aggregate] public sealed partial class Order { public static Order Create(IEvent<IDeposit> e) => new(); } public interface "
                + "IDeposit;",
            "FES0042 at Create: 'Order.Create(FluentEventStore.IEvent<IDeposit>)' is never called: 'IDeposit' is not an event, and no "
                + "event implements it; mark it or the types that it stands for with [Event]"
        },
        {
            "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public static bool ShouldDelete(Order order, "
                + "Deposited e) => true; } public abstract class Deposited;",
            "FES0042 at ShouldDelete: 'Order.ShouldDelete(Order, Deposited)' is never called: 'Deposited' is not an event, and no "
                + "event derives from it; mark it or the types that it stands for with [Event]"
        },
        {
            "[Aggregate] public sealed partial class Order : Base { public void Apply(Placed e) { } } public abstract class Base { "
                + "protected void Apply(Deposited e) { } } public record Deposited;",
            "FES0042 at Apply: 'Base.Apply(Deposited)' is never called: 'Deposited' is not an event, and no event derives from it; mark "
                + "it or the types that it stands for with [Event]"
        },
        {
            "[Decider] public static partial class Order { public static int Initial => 0; public static Placed Decide(string c, int s) "
                + "=> new(); public static int Evolve(int s, Placed e) => s; public static int Evolve(int s, Deposited e) => s; } public "
                + "record Deposited;",
            "FES0042 at Evolve: 'Order.Evolve(int, Deposited)' is never called: 'Deposited' is not an event, and no event derives from it; "
                + "mark it or the types that it stands for with [Event]"
        },
        {
            "[EventHandler] public sealed partial class Mails { public void Handle(Placed e) { } public System.Threading.Tasks.Task "
                + "HandleAsync(Deposited e, IDocumentSession session) => System.Threading.Tasks.Task.CompletedTask; } public record "
                + "Deposited;",
            "FES0042 at HandleAsync: 'Mails.HandleAsync(Deposited, FluentEventStore.IDocumentSession)' is never called: 'Deposited' is not "
                + "an event, and no event derives from it; mark it or the types that it stands for with [Event]"
        },
        {
            "[Aggregate] public sealed partial class Order : IApply<Placed> { public void Apply(Moved e) { } void "
                + "IApply<Placed>.Apply(Placed e) { } } public interface IApply<T> { void Apply(T e); }",
            "FES0042 at Apply: 'Order.IApply<Placed>.Apply(Placed)' is never called: it implements an interface explicitly, but generated "
                + "code calls methods of the type; declare it as one"
        },
        {
            "[EventHandler] public sealed partial class Mails : IHandle<Placed> { public void Handle(Moved e) { } "
                + "void IHandle<Placed>.Handle(IEvent<Placed> e) { } } public interface IHandle<T> where T : notnull { "
                + "void Handle(IEvent<T> e); }",
            "FES0042 at Handle: 'Mails.IHandle<Placed>.Handle(FluentEventStore.IEvent<Placed>)' is never called: it implements an "
                + "interface explicitly, but generated code calls methods of the type; declare it as one"
        },
        {
            "[Aggregate] public sealed partial class Order : IPlaced { public void Apply(Moved e) { } } public interface IPlaced { void "
                + "Apply(Placed e) { } }",
            "FES0042 at Apply: 'IPlaced.Apply(Placed)' is never called: its body is in an interface, but generated code calls methods "
                + "of the type; declare it in 'Order'"
        },
    };

    public static TheoryData<string> Good =>
    [
        "[Aggregate] public sealed partial record Order(Guid Id) { public static Order Create(Placed e) => new(Guid.Empty); public Order "
            + "Apply(Moved e) => this; }",
        "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } }",
        "[Aggregate] public sealed partial record Order(Guid Id) { private Order() : this(Guid.Empty) { } public Order Apply(Placed e) => "
            + "this; }",
        "[Aggregate] public abstract partial record Order { public static Order Create(Placed e) => new Open(); public static Order "
            + "Apply(Moved e, Order order) => order; public sealed record Open : Order; }",

        "[Aggregate] public sealed partial class Order { public static Order Create(Guid id) => new(); public void Apply(Placed e) { } }",

        "public sealed record Order(Guid Id) { public Order Apply(Placed e) => this; }",

        // An old shape that nothing upcasts is read as it is.
        """[Event("placed")] public sealed record PlacedV1; """
            + """[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public void Apply(PlacedV1 e) { } }""",
        Upcast + "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } }",
        "[Aggregate] public sealed partial class Order : Base { public void Apply(Placed e) { } } public abstract class Base { protected "
            + "void Apply(Moved e) { } private static int Apply(string other) => 1; }",
        "[Aggregate] public sealed partial class Order { private void Apply(Placed e) { } }",

        // The first event of a stream creates, a later one deletes.
        "[Aggregate] public sealed partial class Order { public static Order Create(Placed e) => new(); public bool ShouldDelete(Placed "
            + "e) => true; }",
        "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public bool ShouldDelete(Placed e) => true; }",
        "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public bool ShouldDelete(Moved e) => true; }",
        "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public static bool ShouldDelete(Placed e) => e "
            + "is null; }",

        // An event that derives from another reaches its method.
        OpenUpcast
            + """[Event("special")] public sealed record Special : PlacedV1; """
            + """[Aggregate] public sealed partial class Order { public void Apply(PlacedV1 e) { } }""",
        """
        [Event("opened")] public record Opened;
        public record Middle : Opened;
        [Event("reopened")] public sealed record Reopened : Middle;
        [Aggregate] public sealed partial class Order
        {
            public void Apply(Opened e) { }
            public static bool ShouldDelete(Opened e) => true;
            public static bool ShouldDelete(IEvent<Middle> e) => false;
        }
        """,

        // What one aggregate never calls, another one does.
        """
        public abstract class Base { public void Apply(Placed e) { } }
        [Aggregate] public sealed partial class A : Base { public static bool ShouldDelete(Placed e) => true; }
        [Aggregate] public sealed partial class B : Base { public void Apply(Moved e) { } }
        [Aggregate] public sealed partial class C : Base { public static bool ShouldDelete(Placed e) => true; }
        """,
        """
        public abstract class Base { public virtual bool ShouldDelete(Placed e) => true; }
        [Aggregate] public sealed partial class Order : Base
        {
            public static Order Create(Placed e) => new();
            public void Apply(Placed e) { }
            public override bool ShouldDelete(Placed e) => false;
        }
        """,

        // A base type is for the events that derive from it, whatever its type arguments.
        """public abstract record Change; [Event("changed")] public sealed record Changed : Change; """
            + """[Aggregate] public sealed partial class Order { public void Apply(Change e) { } }""",
        """public interface IChange<T>; [Event("changed")] public sealed record Changed : IChange<int>; """
            + """[EventHandler] public sealed partial class Mails { public void Handle(IEvent<IChange<int>> e) { } }""",

        // What stands beside the event is no event.
        "[Aggregate] public sealed partial class Order : Base { public static Order Create(Placed e) => new(); public static void "
            + "Apply(Base order, Moved e) { } } public abstract class Base;",
        """
        public abstract record State { public sealed record Open : State; }
        [Decider] public static partial class Order
        {
            public static State Initial => new State.Open();
            public static Placed Decide(string command, State state) => new();
            public static State.Open Evolve(State state, Placed e) => new();
        }
        """,

        // The same event reaches a method of the type.
        "[Aggregate] public sealed partial class Order : IApply<Placed> { public void Apply(Placed e) { } void "
            + "IApply<Placed>.Apply(Placed e) => Apply(e); } public interface IApply<T> { void Apply(T e); }",
        "[Aggregate] public sealed partial class Order : IPlaced { public void Apply(Placed e) { } } public interface IPlaced { void "
            + "Apply(Placed e) { } void Apply(string other) { } }",
        "[Aggregate] public sealed partial class Order : IPlaced { public void Apply(Placed e) { } void IPlaced.Apply(string other) { } } "
            + "public interface IPlaced { void Apply(string other); }",
    ];

    private const string Upcast = """
        [Event("placed")] public sealed record PlacedV1;
        public static class Upcasters { [Upcaster] public static Placed Upcast(PlacedV1 old) => new(); }
        
        """;

    private const string OpenUpcast = """
        [Event("placed")] public record PlacedV1;
        public static class Upcasters { [Upcaster] public static Placed Upcast(PlacedV1 old) => new(); }
        
        """;

    private const string Events = """
        [Event("placed", Version = 2)] public sealed record Placed;
        [Event("moved")] public sealed record Moved;
        
        """;

    [Theory, MemberData(nameof(Bad))]
    public async Task A_method_that_no_event_reaches_is_reported(string code, string diagnostic) =>
        (await Analysis.RunAsync(Events + code)).Select(Analysis.Describe).ShouldBe([diagnostic]);

    [Theory, MemberData(nameof(Good))]
    public async Task A_method_that_an_event_reaches_is_not_reported(string code) =>
        (await Analysis.RunAsync(Events + code)).Select(Analysis.Describe).ShouldBeEmpty();

    [Fact]
    public async Task A_closed_event_of_another_assembly_reaches_the_method_of_its_base_type()
    {
        Sources.Run(
            Sources.Parse(
                """public abstract record Change; [Event("changed")] public record Changed<T>(T Value) : Change;""",
                assemblyName: "Contracts"),
            out var contracts);
        var reference = MetadataReference.CreateFromImage(LoadedCase.Emit(contracts));
        const string Aggregate = "[Aggregate] public sealed partial class Order { public void Apply(Change e) { } }";
        (await Analysis.RunAsync("[assembly: ClosedEvent(typeof(Changed<int>))]\n" + Aggregate, references: [reference])).ShouldBeEmpty();
        (await Analysis.RunAsync(Aggregate, references: [reference])).ShouldHaveSingleItem().Id.ShouldBe("FES0042");
    }

    [Fact]
    public async Task An_upcaster_of_a_referenced_assembly_counts()
    {
        Sources.Run(Sources.Parse(Events + Upcast, assemblyName: "Contracts"), out var contracts);
        var reference = MetadataReference.CreateFromImage(LoadedCase.Emit(contracts));
        (await Analysis.RunAsync(
            "[Aggregate] public sealed partial class Order { public void Apply(PlacedV1 e) { } }", references: [reference]))
            .Select(Analysis.Describe)
            .ShouldHaveSingleItem()
            .ShouldContain("version 1 of the event 'placed' is upcast before it arrives");
    }

    [Fact]
    public async Task A_method_of_a_base_type_is_reported_once() => (await Analysis.RunAsync(Events + """
        public abstract class Base { private void Apply(Placed e) { } }
        [Aggregate] public sealed partial class A : Base { public void Apply(Moved e) { } }
        [Aggregate] public sealed partial class B : Base { public void Apply(Moved e) { } }
        """)).ShouldHaveSingleItem().Id.ShouldBe("FES0042");
}
