using FluentEventStore.Generators.Aggregates;
using FluentEventStore.Generators.Deciders;
using FluentEventStore.Generators.Documents;
using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Handlers;
using FluentEventStore.Generators.Messages;
using FluentEventStore.Generators.Projections;
using FluentEventStore.Generators.StreamIds;
using FluentEventStore.Generators.Tests.Compiling;
using FluentEventStore.Generators.Upcasters;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FluentEventStore.Generators.Tests;

public sealed class CachingTests
{
    internal const string Source = """
        public enum Colour { Red }
        public sealed record Line(Colour Colour);
        [StreamId] public readonly partial record struct OrderId(Guid Value);
        [Event] public sealed record Placed(OrderId Order, Line Line);
        [Event] public sealed record Paid(decimal Amount);
        [Event] public sealed record Named(int Id, [PersonalData(Subject = "Id")] string Name);
        [Document] public sealed record Customer(Guid Id, Line Line);
        [Message] public sealed record SendMail(string To, Line Line);
        [Aggregate] public sealed partial record Order(Guid Id)
        {
            public static Order Create(Placed e) => new(e.Order.Value);
        }
        [EventHandler] public sealed partial class Mailer
        {
            public int Mails { get; private set; }
            private void Handle(Paid e) => Mails++;
        }
        [Decider] public static partial class Paying
        {
            public static decimal Initial => 0m;
            public static Paid Decide(decimal state, string command) => new(1m);
            public static decimal Evolve(decimal state, Paid e) => state + e.Amount;
        }
        [Document] public sealed record Total(Guid Id, decimal Paid);
        [Projection] public sealed partial class TotalsProjection : MultiStreamProjection<Total, Guid>
        {
            public static Guid Identity(Placed e) => e.Order.Value;
            public static Total Create(IEvent<Placed> e) => new(e.Data.Order.Value, 0m);
        }
        public static class Upcasters
        {
            [Upcaster("paid-before")] public static Paid From(System.Text.Json.JsonElement old) => new(old.GetDecimal());
        }
        """;

    /// <summary>The steps that feed source.</summary>
    internal static readonly string[] Steps =
    [
        EventGenerator.ModelStep, DocumentGenerator.ModelStep, AggregateGenerator.ModelStep, StreamIdGenerator.ModelStep,
        UpcasterGenerator.ModelStep, MessageGenerator.ModelStep,
        HandlerGenerator.ModelStep, DeciderGenerator.ModelStep, ProjectionGenerator.ModelStep,
        FluentEventStoreGenerator.ShapeStep, FluentEventStoreGenerator.CatalogStep, FluentEventStoreGenerator.ReferencesStep,
    ];

    [Fact]
    public void An_edit_of_another_file_writes_nothing_again()
    {
        var compilation = Sources.Parse(Source);
        var edited = compilation.AddSyntaxTrees(
            CSharpSyntaxTree.ParseText(
                "public class Unrelated { }",
                (CSharpParseOptions)compilation.SyntaxTrees[0].Options,
                cancellationToken: TestContext.Current.CancellationToken));
        ShouldBeCached(Rerun(compilation, edited));
    }

    [Fact]
    public void A_comment_in_the_same_file_writes_nothing_again() => ShouldBeCached(Rerun(Source, "// moved\n\n" + Source));

    [Fact]
    public void A_change_in_the_body_of_a_method_writes_nothing_again() =>
        ShouldBeCached(Rerun(Source, Source.Replace("new(e.Order.Value)", "new(Guid.Empty)")));

    [Fact]
    public void A_property_that_becomes_personal_data_writes_the_codec_and_the_catalog_again()
    {
        var result = Rerun(Source.Replace("[PersonalData(Subject = \"Id\")] ", ""), Source);
        Reasons(result, FluentEventStoreGenerator.ShapeStep)
            .Count(static reason => reason == IncrementalStepRunReason.Modified)
            .ShouldBe(1);
        Modified(result).ShouldBe(2);
    }

    [Fact]
    public void A_change_in_the_body_of_an_upcaster_writes_nothing_again() =>
        ShouldBeCached(Rerun(Source, Source.Replace("new(old.GetDecimal())", "new(1m)")));

    [Fact]
    public void An_upcaster_that_takes_another_version_writes_the_catalog_again()
    {
        var result = Rerun(Source, Source.Replace("[Upcaster(\"paid-before\")]", "[Upcaster(\"paid-before\", Version = 2)]"));
        Reasons(result, UpcasterGenerator.ModelStep).ShouldBe([IncrementalStepRunReason.Modified]);
        Modified(result).ShouldBe(1);
    }

    [Fact]
    public void A_changed_event_writes_its_own_codec_and_the_catalog_with_its_columns_again_and_no_other_file()
    {
        var result = Rerun(Source, Source.Replace("Paid(decimal Amount)", "Paid(decimal Amount, int Cents = 1)"));
        Reasons(result, EventGenerator.ModelStep).ShouldBe(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Unchanged], ignoreOrder: true);
        Reasons(result, FluentEventStoreGenerator.ShapeStep)
            .Count(static reason => reason == IncrementalStepRunReason.Modified)
            .ShouldBe(1);
        Reasons(result, FluentEventStoreGenerator.CatalogStep).ShouldBe([IncrementalStepRunReason.Modified]);
        Reasons(result, AggregateGenerator.ModelStep).ShouldAllBe(
            static reason => reason == IncrementalStepRunReason.Unchanged || reason == IncrementalStepRunReason.Cached);
        Written(Source, Source.Replace("Paid(decimal Amount)", "Paid(decimal Amount, int Cents = 1)")).ShouldBe(
            ["PaidJson.g.cs", "ShopCatalog.g.cs"]);
    }

    [Fact]
    public void A_renamed_event_writes_the_catalog_again()
    {
        var result = Rerun(Source, Source.Replace("[Event] public sealed record Paid", "[Event(\"paid-up\")] public sealed record Paid"));
        Reasons(result, FluentEventStoreGenerator.CatalogStep).ShouldContain(IncrementalStepRunReason.Modified);
        Modified(result).ShouldBe(1);
    }

    [Theory]
    [InlineData("Mails++", "Mails += 2")]
    [InlineData("=> new(1m)", "=> new(2m)")]
    [InlineData("state + e.Amount", "state - e.Amount")]
    [InlineData("new(e.Data.Order.Value, 0m)", "new(e.Data.Order.Value, 1m)")]
    [InlineData("=> e.Order.Value", "=> Guid.Empty")]
    public void A_change_in_the_body_of_a_handler_decider_or_projection_writes_nothing_again(string before, string after) =>
        ShouldBeCached(Rerun(Source, Source.Replace(before, after)));

    [Theory]
    [InlineData("private void Handle(Paid e)", "private void Handle(IEvent<Paid> e)", HandlerGenerator.ModelStep)]
    [InlineData("Decide(decimal state, string command)", "Decide(string command)", DeciderGenerator.ModelStep)]
    [InlineData("Create(Placed e)", "Create(Placed e, EventMetadata metadata)", AggregateGenerator.ModelStep)]
    [InlineData("Identity(Placed e)", "Identity(Placed e, EventMetadata metadata)", ProjectionGenerator.ModelStep)]
    [InlineData("Guid Identity(Placed e)", "Guid? Identity(Placed e, IEvent any)", ProjectionGenerator.ModelStep)]
    public void A_method_with_other_parameters_writes_only_the_file_of_its_type_again(string before, string after, string step)
    {
        var result = Rerun(Source, Source.Replace(before, after));
        Reasons(result, step).ShouldBe([IncrementalStepRunReason.Modified]);
        Reasons(result, FluentEventStoreGenerator.CatalogStep).ShouldAllBe(static reason => reason != IncrementalStepRunReason.Modified);
        Modified(result).ShouldBe(1);
    }

    [Fact]
    public void A_new_version_of_a_projection_writes_the_catalog_again()
    {
        var result = Rerun(Source, Source.Replace("[Projection]", "[Projection(Version = 2)]"));
        Reasons(result, ProjectionGenerator.ModelStep).ShouldBe([IncrementalStepRunReason.Modified]);
        Reasons(result, FluentEventStoreGenerator.CatalogStep).ShouldBe([IncrementalStepRunReason.Modified]);
    }

    [Fact]
    public void Another_method_of_a_projection_writes_its_dispatch_again() =>
        Written(
            Source,
            Source.Replace("public static Total Create", "public static bool ShouldDelete(Placed e) => false; public static Total Create"))
            .ShouldBe(["TotalsProjectionDispatch.g.cs"]);

    [Fact]
    public void A_changed_type_writes_its_own_codecs_again_but_not_those_of_events_that_hold_it() =>
        Written(Source, Source.Replace("Line(Colour Colour)", "Line(Colour Colour, int Count = 1)")).ShouldBe(
            ["LineDocument.g.cs", "LineJson.g.cs"]);

    [Fact]
    public void A_new_event_writes_its_own_codec_and_the_catalog() =>
        Written(Source, Source + "\n[Event] public sealed record Added(int Number);").ShouldBe(["AddedJson.g.cs", "ShopCatalog.g.cs"]);

    [Fact]
    public void A_removed_event_writes_the_catalog_again() =>
        Written(Source + "\n[Event] public sealed record Added(int Number);", Source).ShouldBe(["ShopCatalog.g.cs"]);

    [Fact]
    public void Another_method_of_an_aggregate_writes_its_dispatch_again() =>
        Written(
            Source,
            Source.Replace("public static Order Create", "public Order Apply(Paid e) => this;\n    public static Order Create")).ShouldBe(
                ["OrderDispatch.g.cs"]);

    private static GeneratorRunResult Rerun(string before, string after)
    {
        var compilation = Sources.Parse(before);
        return Rerun(compilation, Edit(compilation, after));
    }

    private static CSharpCompilation Edit(CSharpCompilation compilation, string after)
    {
        var tree = compilation.SyntaxTrees[1];
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(after)));
    }

    private static GeneratorRunResult Rerun(CSharpCompilation before, CSharpCompilation after) =>
        Sources.Driver(before)
            .RunGenerators(before, TestContext.Current.CancellationToken)
            .RunGenerators(after, TestContext.Current.CancellationToken)
            .GetRunResult().Results
            .Single();

    private static void ShouldBeCached(GeneratorRunResult result)
    {
        foreach (var step in Steps)
        {
            Reasons(result, step).ShouldNotBeEmpty(step);
            Reasons(result, step).ShouldAllBe(
                static reason => reason == IncrementalStepRunReason.Cached || reason == IncrementalStepRunReason.Unchanged, step);
        }

        Modified(result).ShouldBe(0);
    }

    /// <summary>The files that an edit writes anew; the text of every other file is the very same object.</summary>
    private static IEnumerable<string> Written(string before, string after)
    {
        var compilation = Sources.Parse(before);
        var driver = Sources.Driver(compilation).RunGenerators(compilation, TestContext.Current.CancellationToken);
        var known = driver.GetRunResult().Results
            .Single().GeneratedSources
            .Select(static source => source.SourceText)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        return driver.RunGenerators(Edit(compilation, after), TestContext.Current.CancellationToken)
            .GetRunResult().Results
            .Single().GeneratedSources
            .Where(source => !known.Contains(source.SourceText))
            .Select(static source => source.HintName)
            .Order(StringComparer.Ordinal);
    }

    /// <summary>How many files were written anew; the output that reports diagnostics keeps locations and may run again.</summary>
    private static int Modified(GeneratorRunResult result) => result.TrackedOutputSteps.SelectMany(static steps => steps.Value)
        .SelectMany(static step => step.Outputs)
        .Where(
            static output => output.Value.GetType().ToString().Contains("GeneratedSourceText", StringComparison.Ordinal)
                || HasSources(output.Value))
        .Count(static output => output.Reason is IncrementalStepRunReason.Modified or IncrementalStepRunReason.New);

    private static bool HasSources(object output) =>
        output is System.Runtime.CompilerServices.ITuple { Length: > 0 } tuple
            && tuple[0] is System.Collections.IEnumerable sources
            && sources.Cast<object>().Any();

    private static List<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        [.. result.TrackedSteps[step].SelectMany(static run => run.Outputs).Select(static output => output.Reason)];
}
