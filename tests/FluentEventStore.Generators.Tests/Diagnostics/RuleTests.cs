using System.Reflection;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Tests.Compiling;
using FluentEventStore.Generators.Tests.Contracts;
using FluentEventStore.Generators.Tests.Usage;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

public sealed class RuleTests
{
    public static TheoryData<string> Ids => [.. Rules.Select(static rule => rule.Id)];

    private static IEnumerable<string> Tested =>
    [
        .. Generated,
        .. new[]
        {
            AppendAnalyzerTests.Bad,
            AggregateAnalyzerTests.Bad,
            CallAnalyzerTests.Bad,
            EventAnalyzerTests.Bad,
            DocumentAnalyzerTests.Bad
        }
            .SelectMany(static bad => bad)
            .Select(static row => row.Data.Item2[.."FES0000".Length]),
        EventAnalyzerTests.ImplicitName,
        SaveAnalyzerTests.Id,
        DisposalAnalyzerTests.Id,
        ForgetAnalyzerTests.Id,
        ComparerAnalyzerTests.Id,
        "FES0049",
        .. DriftTests.Breaking.Concat(DriftTests.Harmless).Select(static row => row.Data.Item3.Split(' ')[0]),
        ContractFileTests.Id,
    ];

    /// <summary>The rules that the generator reports.</summary>
    private static IEnumerable<string> Generated =>
        new[]
        {
            DiagnosticTests.Everything,
            HiddenStateTests.Refused,
            ConverterTests.Refused,
            OmissionTests.Refused,
            ForbiddenTests.Refused,
            EnumNameTests.Refused,
            NaturalKeyTests.Refused,
            ProjectionRefusalTests.Refused
        }
        .SelectMany(static refused => refused)
        .Select(static row => row.Data.Item1);

    private static IEnumerable<DiagnosticDescriptor> Rules =>
        typeof(Rules).GetFields(BindingFlags.Static | BindingFlags.Public).Select(
            static rule => (DiagnosticDescriptor)rule.GetValue(null)!);

    [Theory, MemberData(nameof(Ids))]
    public void A_rule_has_a_page_a_release_row_and_a_test(string id)
    {
        var rule = Rules.Single(rule => rule.Id == id);
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "diagnostics", id + ".md"));
        page.ShouldStartWith($"# {id}: {rule.Title}\n");
        page.ShouldContain("## Why");
        page.ShouldContain("## Bad");
        page.ShouldContain("## Good");
        rule.HelpLinkUri.ShouldEndWith($"docs/diagnostics/{id}.md");

        var releases = File.ReadAllText(
            Path.Combine(Repository.Root, "generators", "FluentEventStore.Generators", "AnalyzerReleases.Unshipped.md"))
            + File.ReadAllText(Path.Combine(Repository.Root, "generators", "FluentEventStore.Generators", "AnalyzerReleases.Shipped.md"));
        releases.ShouldContain($"{id} | FluentEventStore | {rule.DefaultSeverity} | ");
        Tested.ShouldContain(id);
    }

    [Fact]
    public void Ids_are_unique_and_every_page_has_a_rule()
    {
        Rules.Select(static rule => rule.Id).ShouldBeUnique();
        Directory.GetFiles(Path.Combine(Repository.Root, "docs", "diagnostics"), "FES*.md")
            .Select(static path => Path.GetFileNameWithoutExtension(path))
            .ShouldBe(Rules.Select(static rule => rule.Id), ignoreOrder: true);
    }

    /// <summary>The rows of the reference are written with <c>UPDATE_SNAPSHOTS=1</c>.</summary>
    [Fact]
    public void The_reference_lists_every_rule()
    {
        const string Head = "|---|---|---|---|\n";
        var path = Path.Combine(Repository.Root, "docs", "reference", "diagnostics.md");
        var page = File.ReadAllText(path);
        var start = page.IndexOf(Head, StringComparison.Ordinal) + Head.Length;
        var end = page.IndexOf("\n\n", start - 1, StringComparison.Ordinal) + 1;
        var rows = string.Concat(Rules.OrderBy(static rule => rule.Id, StringComparer.Ordinal).Select(static rule =>
            $"| [{rule.Id}](../diagnostics/{rule.Id}.md) | {rule.DefaultSeverity.ToString().ToLowerInvariant()} | {rule.Title} | {(Fixes.Ids
                .Contains(rule.Id)
                ? "yes"
                : "")} |\n"));
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(path, page[..start] + rows + page[end..]);
        else
            page[start..end].ShouldBe(rows);
    }

    /// <summary>A rule that no analyzer announces could not be switched off; one that two announce would be reported twice.</summary>
    [Fact]
    public void Every_rule_belongs_to_the_generator_or_to_one_analyzer()
    {
        var analyzed = Analysis.Analyzers.SelectMany(static analyzer => analyzer.SupportedDiagnostics)
            .Select(static rule => rule.Id)
            .ToArray();
        analyzed.ShouldBeUnique();
        analyzed.ShouldBe(Rules.Select(static rule => rule.Id).Except(Generated), ignoreOrder: true);
    }
}
