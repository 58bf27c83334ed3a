using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests.Usage;

public sealed class AggregateAnalyzerTests
{
    public static TheoryData<string, string> Bad => new()
    {
        {
            "[Aggregate] public sealed partial record Order(Guid Id) { public Order Apply(Placed e) => this; }",
            "FES0041 at Order: No event can begin 'Order': give it a static Create that takes one, or a constructor without parameters"
        },
        {
            "[Aggregate] public sealed partial class Order { public required Guid Id { get; init; } public void Apply(Placed e) { } }",
            "FES0041 at Order: No event can begin 'Order': give it a static Create that takes one, or a constructor without parameters"
        },
        {
            "[Aggregate] public sealed partial record Order(Guid Id) { public static Order Create(Guid id) => new(id); public Order Apply(Placed e) => this; }",
            "FES0041 at Order: No event can begin 'Order': give it a static Create that takes one, or a constructor without parameters"
        },
        {
            "[Aggregate] public abstract partial class Order { public void Apply(Placed e) { } }",
            "FES0041 at Order: No event can begin 'Order': give it a static Create that takes one, or a constructor without parameters"
        },
        {
            Upcast + "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public void Apply(PlacedV1 e) { } }",
            "FES0042 at Apply: 'Order.Apply(PlacedV1)' is never called: version 1 of the event 'placed' is upcast before it arrives"
        },
        {
            Upcast + "[Aggregate] public sealed partial class Order { public static Order Create(IEvent<PlacedV1> e) => new(); }",
            "FES0042 at Create: 'Order.Create(FluentEventStore.IEvent<PlacedV1>)' is never called: version 1 of the event 'placed' is upcast before it arrives"
        },
        {
            Upcast + "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public bool ShouldDelete(PlacedV1 e) => false; }",
            "FES0042 at ShouldDelete: 'Order.ShouldDelete(PlacedV1)' is never called: version 1 of the event 'placed' is upcast before it arrives"
        },
        {
            "[Aggregate] public sealed partial class Order : Base { public void Apply(Placed e) { } } public abstract class Base { private void Apply(Moved e) { } }",
            "FES0042 at Apply: 'Base.Apply(Moved)' is never called: it is private, and 'Order' derives from its type"
        },
        {
            "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public static bool ShouldDelete(Placed e) => true; }",
            "FES0042 at Apply: 'Order.Apply(Placed)' is never called: 'Order.ShouldDelete(Placed)' is always true"
        },
        {
            "[Aggregate] public sealed partial class Order { public static Order Create(Placed e) => new(); public static bool ShouldDelete(Placed e) { return true; } }",
            "FES0042 at Create: 'Order.Create(Placed)' is never called: 'Order.ShouldDelete(Placed)' is always true"
        },
        {
            "[Aggregate] public sealed partial class Order { public static Order Create(Placed e) => new(); public void Apply(Placed e) { } public bool ShouldDelete(Placed e) => true; }",
            "FES0042 at Apply: 'Order.Apply(Placed)' is never called: 'Order.ShouldDelete(Placed)' is always true"
        },
        {
            OpenUpcast + "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public void Apply(PlacedV1 e) { } }",
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
    };

    public static TheoryData<string> Good =>
    [
        "[Aggregate] public sealed partial record Order(Guid Id) { public static Order Create(Placed e) => new(Guid.Empty); public Order Apply(Moved e) => this; }",
        "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } }",
        "[Aggregate] public sealed partial record Order(Guid Id) { private Order() : this(Guid.Empty) { } public Order Apply(Placed e) => this; }",
        "[Aggregate] public abstract partial record Order { public static Order Create(Placed e) => new Open(); public static Order Apply(Moved e, Order order) => order; public sealed record Open : Order; }",

        "[Aggregate] public sealed partial class Order { public static Order Create(Guid id) => new(); public void Apply(Placed e) { } }",

        // A name for streams, which nobody folds.
        "[Aggregate] public sealed partial record Order(Guid Id);",
        "public sealed record Order(Guid Id) { public Order Apply(Placed e) => this; }",

        // An old shape that nothing upcasts is read as it is.
        """[Event("placed")] public sealed record PlacedV1; [Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public void Apply(PlacedV1 e) { } }""",
        Upcast + "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } }",
        "[Aggregate] public sealed partial class Order : Base { public void Apply(Placed e) { } } public abstract class Base { protected void Apply(Moved e) { } private static int Apply(string other) => 1; }",
        "[Aggregate] public sealed partial class Order { private void Apply(Placed e) { } }",

        // The first event of a stream creates, a later one deletes.
        "[Aggregate] public sealed partial class Order { public static Order Create(Placed e) => new(); public bool ShouldDelete(Placed e) => true; }",
        "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public bool ShouldDelete(Placed e) => true; }",
        "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public bool ShouldDelete(Moved e) => true; }",
        "[Aggregate] public sealed partial class Order { public void Apply(Placed e) { } public static bool ShouldDelete(Placed e) => e is null; }",

        // An event that derives from another reaches its method.
        OpenUpcast + """[Event("special")] public sealed record Special : PlacedV1; [Aggregate] public sealed partial class Order { public void Apply(PlacedV1 e) { } }""",
        """
        [Event("opened")] public record Opened;
        public record Middle : Opened;
        [Event("reopened")] public sealed record Reopened : Middle;
        [Aggregate] public sealed partial class Order { public void Apply(Opened e) { } public static bool ShouldDelete(Opened e) => true; public static bool ShouldDelete(IEvent<Middle> e) => false; }
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
        [Aggregate] public sealed partial class Order : Base { public static Order Create(Placed e) => new(); public void Apply(Placed e) { } public override bool ShouldDelete(Placed e) => false; }
        """,
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
    public async Task What_never_happens_to_an_aggregate_is_reported(string code, string diagnostic) =>
        (await Analysis.RunAsync(Events + code)).Select(Analysis.Describe).ShouldBe([diagnostic]);

    [Theory, MemberData(nameof(Good))]
    public async Task What_can_happen_is_not(string code) => (await Analysis.RunAsync(Events + code)).Select(Analysis.Describe).ShouldBeEmpty();

    [Fact]
    public async Task An_upcaster_of_a_referenced_assembly_counts()
    {
        Sources.Run(Sources.Parse(Events + Upcast, assemblyName: "Contracts"), out var contracts);
        var reference = MetadataReference.CreateFromImage(LoadedCase.Emit(contracts));
        (await Analysis.RunAsync("[Aggregate] public sealed partial class Order { public void Apply(PlacedV1 e) { } }", references: [reference]))
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
