using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Tests;

/// <summary>Events with two interfaces, for each of which there is a method.</summary>
public sealed class TieTests
{
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
        Sources.Generate(Sources.Parse("public interface IPriced; public interface INamed; [Event] public sealed record Placed : IPriced, INamed;", "Contracts"), out var contracts);
        var reference = MetadataReference.CreateFromImage(LoadedCase.Emit(contracts));
        Sources.Run(Sources.Parse("[EventHandler] public sealed partial class Mailer { void Handle(IPriced e) { } void Handle(INamed e) { } }", references: [reference]), out _)
            .Diagnostics.ShouldHaveSingleItem().Id.ShouldBe("FES0024");
    }

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
