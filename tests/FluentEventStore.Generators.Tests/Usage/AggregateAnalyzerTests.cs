using FluentEventStore.Generators.Tests.Compiling;

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
            "[Aggregate] public sealed partial record Order(Guid Id) { public static Order Create(Guid id) => new(id); public Order "
                + "Apply(Placed e) => this; }",
            "FES0041 at Order: No event can begin 'Order': give it a static Create that takes one, or a constructor without parameters"
        },
        {
            "[Aggregate] public abstract partial class Order { public void Apply(Placed e) { } }",
            "FES0041 at Order: No event can begin 'Order': give it a static Create that takes one, or a constructor without parameters"
        },
        {
            "[Aggregate] public sealed partial record Order(Guid Id);",
            "FES0053 at Order: 'Order' has no Create, Apply or ShouldDelete that takes an event, so no event would change it"
        },
        {
            "[Aggregate] public sealed partial record Order(Guid Id) { public static Order Create(Guid id) => new(id); public Order "
                + "Place(Placed e) => this; }",
            "FES0053 at Order: 'Order' has no Create, Apply or ShouldDelete that takes an event, so no event would change it"
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
        "public sealed record Order(Guid Id) { public Order Apply(Placed e) => this; }",

        // Others derive from it, and say what events change.
        "[Aggregate] public abstract partial class Order; [Aggregate] public sealed partial class Sale : Order { public void Apply(Placed "
            + "e) { } }",
        "[Aggregate] public sealed partial class Order : Base; public abstract class Base { public void Apply(Placed e) { } }",
        "[Aggregate] public sealed partial class Order { public void Apply(IEvent e) { } }",
    ];

    private const string Events = """
        [Event("placed")] public sealed record Placed;
        [Event("moved")] public sealed record Moved;
        
        """;

    [Theory, MemberData(nameof(Bad))]
    public async Task What_never_happens_to_an_aggregate_is_reported(string code, string diagnostic) =>
        (await Analysis.RunAsync(Events + code)).Select(Analysis.Describe).ShouldBe([diagnostic]);

    [Theory, MemberData(nameof(Good))]
    public async Task What_can_happen_to_an_aggregate_is_not_reported(string code) =>
        (await Analysis.RunAsync(Events + code)).Select(Analysis.Describe).ShouldBeEmpty();
}
