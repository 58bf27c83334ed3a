using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Tests;

/// <summary>Events with two interfaces, for each of which there is a method.</summary>
public sealed class TieTests
{
    private const string Commands = """
        public interface IPriced;
        public interface INamed;
        [Event] public sealed record Done;
        public abstract record State;
        [Decider] public static partial class Ordering
        {
            public static State? Initial => null;
            private static Done Decide(IPriced command) => new();
            private static Done Decide(INamed command) => new();
            private static Done Decide(object command) => new();
            private static State? Evolve(State? state, Done e) => state;
        }

        """;

    [Fact]
    public void A_tie_between_interfaces_is_broken_by_a_method_for_a_type_that_has_both() => Sources.Generate(Sources.Parse("""
        public interface IPriced;
        public interface INamed;
        public interface IBoth : IPriced, INamed;
        [Event] public sealed record Placed : IBoth;
        [Event] public sealed record Paid : IPriced, INamed;
        [EventHandler] public sealed partial class Mailer
        {
            void Handle(IPriced e) { }
            void Handle(INamed e) { }
            void Handle(IBoth e) { }
            void Handle(Paid e) { }
        }
        """), out _);

    [Fact]
    public void A_tie_over_an_event_of_a_referenced_assembly_is_reported_too()
    {
        Sources.Generate(
            Sources.Parse(
                "public interface IPriced; public interface INamed; [Event] public sealed record Placed : IPriced, INamed;", "Contracts"),
            out var contracts);
        var reference = MetadataReference.CreateFromImage(LoadedCase.Emit(contracts));
        Sources.Run(
            Sources.Parse(
                "[EventHandler] public sealed partial class Mailer { void Handle(IPriced e) { } void Handle(INamed e) { } }",
                references: [reference]),
            out _)
            .Diagnostics.ShouldHaveSingleItem().Id.ShouldBe("FES0024");
    }

    [Theory]
    [InlineData("[Event] public sealed record Placed : IPriced, INamed;")]
    [InlineData("[Document] public sealed record Article(Guid Id) : IPriced, INamed;")]
    [InlineData("[Aggregate] public sealed partial record Order(Guid Id) : IPriced, INamed;")]
    [InlineData("[StreamId] public readonly partial record struct OrderId(Guid Value) : IPriced, INamed;")]
    [InlineData("[EventHandler] public sealed partial class Mailer : IPriced, INamed { private void Handle(IEvent e) { } }")]
    [InlineData(
        "[Decider] public sealed partial class Other : IPriced, INamed { public int Initial => 0; private Done Decide(string c) => new(); "
            + "private int Evolve(int state, Done e) => 1; }")]
    [InlineData("public sealed record Open : State, IPriced, INamed;")]
    [InlineData("public sealed class RefusedException : Exception, IPriced, INamed;")]
    [InlineData("public sealed class PricedAttribute : Attribute, IPriced, INamed;")]
    public void A_type_that_is_not_a_command_makes_no_tie(string other) => Sources.Generate(Sources.Parse(Commands + other), out _);

    [Theory]
    [InlineData("public sealed record Place : IPriced, INamed;")]
    [InlineData("public readonly record struct Place : IPriced, INamed;")]
    public void A_type_that_may_be_a_command_makes_a_tie_even_if_there_is_a_method_for_every_command(string command) =>
        Sources.Run(Sources.Parse(Commands + command), out _).Diagnostics.ShouldHaveSingleItem().Id.ShouldBe("FES0024");

    [Fact]
    public void A_tie_is_reported_when_an_edit_of_an_event_in_another_file_makes_one()
    {
        var compilation = Sources.Parse("""
            public interface IPriced;
            public interface INamed;
            [EventHandler] public sealed partial class Mailer { void Handle(IPriced e) { } void Handle(INamed e) { } }
            """);
        var before = Event("[Event] public sealed record Placed : IPriced;");
        var after = Event("[Event] public sealed record Placed : IPriced, INamed;");
        var driver = Sources.Driver(compilation).RunGenerators(compilation.AddSyntaxTrees(before), TestContext.Current.CancellationToken);
        driver.GetRunResult().Diagnostics.ShouldBeEmpty();

        driver.RunGenerators(compilation.AddSyntaxTrees(after), TestContext.Current.CancellationToken).GetRunResult()
            .Diagnostics.ShouldHaveSingleItem().Id.ShouldBe("FES0024");

        SyntaxTree Event(string source) => CSharpSyntaxTree.ParseText(
            source, (CSharpParseOptions)compilation.SyntaxTrees[0].Options, cancellationToken: TestContext.Current.CancellationToken);
    }
}
