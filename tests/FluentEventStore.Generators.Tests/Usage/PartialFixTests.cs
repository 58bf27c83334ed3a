using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests.Usage;

public sealed class PartialFixTests
{
    [Theory]
    [InlineData("[Aggregate] public sealed record Order(Guid Id);", "[Aggregate] public sealed partial record Order(Guid Id);")]
    [InlineData(
        "/// <summary>An id.</summary>\n[StreamId]\nreadonly record struct Id(Guid Value);",
        "/// <summary>An id.</summary>\n[StreamId]\nreadonly partial record struct Id(Guid Value);")]
    [InlineData("[Aggregate]\n// An order.\nclass Order { }", "[Aggregate]\n// An order.\npartial class Order { }")]
    [InlineData(
        "class A { public class B { [Aggregate] public class C { } } }",
        "partial class A { public partial class B { [Aggregate] public partial class C { } } }")]
    [InlineData(
        "public class A { [Aggregate] public partial class B { } }", "public partial class A { [Aggregate] public partial class B { } }")]
    public async Task A_type_and_those_around_it_become_partial(string before, string after) =>
        (await Fixes.ApplyAsync(before, "FES0013")).ShouldBe(after);

    [Fact]
    public async Task A_type_around_two_becomes_partial_once() =>
        (await Fixes.ApplyToAllAsync("public class A { [Aggregate] public class B { } [Aggregate] public class C { } }", "FES0013"))
            .ShouldBe("public partial class A { [Aggregate] public partial class B { } [Aggregate] public partial class C { } }");

    [Fact]
    public async Task All_become_partial_at_once() =>
        (await Fixes.ApplyToAllAsync("[Aggregate] public class A { }\n[Aggregate] class B { }\n", "FES0013"))
            .ShouldBe("[Aggregate] public partial class A { }\n[Aggregate] partial class B { }\n");
}
