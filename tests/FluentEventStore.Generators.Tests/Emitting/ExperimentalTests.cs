using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

/// <summary>What is marked as experimental is reported where the user names it, and not where generated code has to.</summary>
public sealed class ExperimentalTests
{
    private const string Library = """
        using System.Diagnostics.CodeAnalysis;

        [Experimental("XYZ001")] public enum Colour { Red, [Experimental("XYZ002")] Blue }
        [Experimental("XYZ003"), StreamId] public readonly partial record struct CartId(Guid Value);
        [Experimental("XYZ004"), JsonDerivedType(typeof(Card), "card")] public interface IPayment;
        [Experimental("XYZ005")] public sealed record Card(string Number) : IPayment;
        [Experimental("XYZ006")] public static class Outer
        {
            [Event] public sealed record Paid(CartId Id, Colour Colour, IPayment Payment)
            {
                [Experimental("XYZ007")] public List<Colour?>? More { get; set; }
                [Experimental("XYZ008"), JsonInclude] private int _hidden = 1;
                public int Hidden() => _hidden;
            }
            [Event] public sealed record Held<T>(T Item);
        }

        [Event] public sealed class Moved
        {
            [Experimental("XYZ009"), JsonConstructor] public Moved([Tag] int x) => X = x;
            [Experimental("XYZ010")] public int X { get; }
        }
        [Experimental("XYZ011"), Document] public sealed record Customer(Guid Id) { public Card? Card { get; init; } }

        [Experimental("XYZ012"), Aggregate] public sealed partial record Cart(CartId Id)
        {
            public static Cart Create(Outer.Paid e) => new(e.Id);
            [Experimental("XYZ013")] public Cart Apply(IEvent<Outer.Held<Card>> e) => this;
        }

        [Experimental("XYZ014"), EventHandler] public sealed partial class Handler
        {
            [Experimental("XYZ015")] private void Handle(Outer.Paid e) { }
        }
        [Experimental("XYZ016"), Decider] public static partial class Deciding
        {
            [Experimental("XYZ017")] public static Outer.Paid Decide(Card command, Cart? cart) => null!;
        }
        [Experimental("XYZ018")] public static class Up
        {
            [Experimental("XYZ019"), Upcaster("old")] public static Outer.Paid From(System.Text.Json.JsonElement old) => null!;
        }

        """;

    [Fact]
    public void Generated_code_does_not_report_experimental_types()
    {
        Sources.Run(Sources.Parse(Library), out var output);
        output.GetDiagnostics(TestContext.Current.CancellationToken).Where(IsOfGenerated).Select(Sources.Describe).ShouldBeEmpty();
    }

    [Fact]
    public void Code_of_the_user_still_reports_experimental_types()
    {
        Sources.Run(Sources.Parse(Library + "[Event] public sealed record Painted(Colour Colour);"), out var output);
        output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(static diagnostic => diagnostic.Id == "XYZ001")
            .Select(Sources.Describe)
            .ShouldHaveSingleItem().ShouldEndWith("at: [Event] public sealed record Painted(Colour Colour);");
    }

    [Fact]
    public void A_program_that_stores_experimental_types_of_a_library_does_not_report_them()
    {
        var source = "[assembly: System.Diagnostics.CodeAnalysis.Experimental(\"XYZ020\")]\n"
            + Library.Replace("using System.Diagnostics.CodeAnalysis;", "", StringComparison.Ordinal)
                .Replace("[Experimental", "[System.Diagnostics.CodeAnalysis.Experimental", StringComparison.Ordinal);
        Sources.Run(Sources.Parse(source, "Library"), out var library);
        var reference = MetadataReference.CreateFromImage(LoadedCase.Emit(library.WithOptions(library.Options.WithSpecificDiagnosticOptions(
            Enumerable.Range(1, 20).Select(static number => KeyValuePair.Create($"XYZ{number:D3}", ReportDiagnostic.Suppress))))));
        Sources.Generate(Sources.Parse("""
            #pragma warning disable
            [Event] public sealed record Shipped(CartId Id, Outer.Held<Colour> Held);
            [EventHandler] public sealed partial class Shipping { void Handle(Outer.Paid e) { } void Handle(Outer.Held<Card> e) { } }
            """, "App", references: [reference]), out _);
    }

    private static bool IsOfGenerated(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) ?? false;
}
